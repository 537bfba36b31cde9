#include "pg/conflict.hpp"

#include "pg/boundary.hpp"

namespace datasurface::pg {

namespace {

bool pending_violates(const std::string &constraint)
{
    return call([&] {
        ErrorData *const data = CopyErrorData();
        return data->sqlerrcode == ERRCODE_UNIQUE_VIOLATION && data->constraint_name != nullptr &&
               strcmp(data->constraint_name, to_server(constraint)) == 0;
    });
}

} // namespace

void with_violation_as(const std::string &constraint, const Error &instead, const std::function<void()> &body)
{
    try {
        body();
        return;
    } catch (const Pending &) {
        // below, where no handler is active
    }
    if (!pending_violates(constraint))
        throw Pending{};
    call([] { FlushErrorState(); });
    throw instead;
}

} // namespace datasurface::pg
