// What is being done, for the CONTEXT of an error that PostgreSQL raises meanwhile.
#pragma once

#include <functional>
#include <string>

namespace datasurface::pg {

// Runs body. The CONTEXT of its errors and messages gets a line, such as: merge of dataset "orders" of store "crm".
void with_context(const std::string &what, const std::function<void()> &body);

} // namespace datasurface::pg
