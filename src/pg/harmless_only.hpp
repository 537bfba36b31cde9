// While text of a model is read that may come from somebody else than the role that it is read as: the condition of a sink comes from the
// loader of a workspace, and is read as the owner of a store. Reading a literal can call code of its type.
#pragma once

#include <functional>

namespace datasurface::pg {

// Until body ends, the guard refuses all code that may not run as any role in any session, whoever calls us (42501).
void with_harmless_code_only(const std::function<void()> &body);

bool harmless_code_only() noexcept;

} // namespace datasurface::pg
