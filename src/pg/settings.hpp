// The settings datasurface.*, read as plain values.
#pragma once

namespace datasurface::pg::settings {

void define();

int ddl_lock_timeout();   // milliseconds; 0 waits without end
int max_model_size();     // kB
int truncate_threshold(); // kB

} // namespace datasurface::pg::settings
