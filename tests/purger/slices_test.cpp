#include "tests/purger/fixture.hpp"
