// A library that a plugin was linked with, and that is not there when the plugin is loaded.
extern "C" void purgatory_test_absent_library();
extern "C" void purgatory_test_absent_library() {}
