#include "apps/purgatory/program.hpp"

int main(int argc, char** argv) { return purgatory::cli::run(argc, argv); }
