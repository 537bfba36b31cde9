#include "pg/conflict.hpp"

#include <algorithm>

#include "pg/boundary.hpp"
#include "pg/encoding_raising.hpp"

namespace datasurface::pg {

namespace {

bool pending_violates(const sqltext::Qualified &table, const std::string &constraint)
{
    return call([&] {
        ErrorData *const data = CopyErrorData();
        auto const same = [](const char *name, std::string_view utf8) {
            return name != nullptr && strcmp(name, to_server(utf8)) == 0;
        };
        return data->sqlerrcode == ERRCODE_UNIQUE_VIOLATION && same(data->schema_name, table.schema) &&
               same(data->table_name, table.name) && same(data->constraint_name, constraint);
    });
}

std::string pending_detail()
{
    const char *const detail = call([] {
        const ErrorData *const data = CopyErrorData();
        return data->detail == nullptr ? "" : to_utf8(data->detail);
    });
    return detail;
}

// The server has one SQLSTATE for several kinds of "out of memory". The hint names the setting, in every language.
bool pending_is_full_lock_table()
{
    return call([] {
        ErrorData *const data = CopyErrorData();
        return data->sqlerrcode == ERRCODE_OUT_OF_MEMORY && data->hint != nullptr &&
               strstr(data->hint, "max_locks_per_transaction") != nullptr;
    });
}

// Throws `instead` when `is` accepts the error of body, which waits on elog's stack.
template <class Is>
void replace(Is is, const Error &instead, const std::function<void()> &body)
{
    try {
        body();
        return;
    } catch (const Pending &) {
        // below, where no handler is active
    }
    if (!is())
        throw Pending{};
    call([] { FlushErrorState(); });
    throw instead;
}

bool pending_breaks_rule_without_hint()
{
    return call([] {
        ErrorData *const data = CopyErrorData();
        return data->hint == nullptr &&
               (data->sqlerrcode == ERRCODE_NOT_NULL_VIOLATION || data->sqlerrcode == ERRCODE_CHECK_VIOLATION);
    });
}

} // namespace

void with_violation_as(const sqltext::Qualified &table, const std::vector<std::string> &constraints, Error instead,
                       Detail detail, const std::function<void()> &body)
{
    auto const is = [&] {
        if (std::none_of(constraints.begin(), constraints.end(),
                         [&](const std::string &one) { return pending_violates(table, one); }))
            return false;
        if (detail == Detail::postgresql_first)
            instead.detail = pending_detail() + " " + instead.detail;
        return true;
    };
    replace(is, instead, body);
}

void with_full_lock_table_as(const Error &instead, const std::function<void()> &body)
{
    replace(pending_is_full_lock_table, instead, body);
}

void with_hint_on_broken_rule(const std::string &hint, const std::function<void()> &body)
{
    try {
        body();
        return;
    } catch (const Pending &) {
        // below, where no handler is active
    }
    if (!pending_breaks_rule_without_hint())
        throw Pending{};
    call([&] {
        ErrorData *const data = CopyErrorData();
        FlushErrorState();
        data->hint = to_server(hint);
        ReThrowError(data);
    });
}

} // namespace datasurface::pg
