// What is being done, for the CONTEXT of an error that PostgreSQL raises meanwhile.
#pragma once

#include <functional>
#include <string>

namespace datasurface::pg {

// Runs body. An error or message from within says where it comes from: merge of dataset "orders" of store "crm".
void with_context(const std::string &what, const std::function<void()> &body);

} // namespace datasurface::pg
