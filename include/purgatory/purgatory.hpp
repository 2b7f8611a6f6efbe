#pragma once

/// Purgatory keeps the failed jobs of a service until they are retried, deleted or purged by
/// policy. This header is the whole public API. Begin with failed_jobs.hpp; failed_job.hpp says
/// what is kept, repository.hpp what a backend implements.

#include "purgatory/archive.hpp"      // what is kept of what was purged
#include "purgatory/codec.hpp"        // for authors of backends
#include "purgatory/config.hpp"       // which backend, and its options
#include "purgatory/error.hpp"        // the one exception
#include "purgatory/failed_job.hpp"   // what is kept
#include "purgatory/failed_jobs.hpp"  // what a host calls: begin here
#include "purgatory/host.hpp"         // clock, log, randomness and metrics of the host
#include "purgatory/json_lines.hpp"   // how it is imported and exported
#include "purgatory/limits.hpp"       // how large it may be
#include "purgatory/options.hpp"      // what a backend can be told
#include "purgatory/plan.hpp"         // what would go
#include "purgatory/plugin.hpp"       // for authors of backends
#include "purgatory/policy.hpp"       // when it goes
#include "purgatory/purge.hpp"        // what a purge leaves behind
#include "purgatory/repository.hpp"   // where it is kept
#include "purgatory/results.hpp"      // what its calls return
#include "purgatory/selection.hpp"    // which jobs are meant
#include "purgatory/task_center.hpp"  // an HTTP API over it, for your own server
