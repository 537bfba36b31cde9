#include "pg/savepoint.hpp"

#include <cstring>

#include "base/sqlstate.hpp"
#include "pg/boundary.hpp"

extern "C" {
#include "access/xact.h"
#include "utils/resowner.h"
}

namespace datasurface::pg {

namespace {

struct Subtransaction {
    MemoryContext context;
    ResourceOwner owner;
};

struct ErrorText {
    const char *sqlstate;
    const char *message;
    const char *detail;
    const char *hint;
};

std::string string_of(const char *text)
{
    return text == nullptr ? std::string() : std::string(text);
}

Subtransaction begin()
{
    return call([] {
        Subtransaction const outer{CurrentMemoryContext, CurrentResourceOwner};
        BeginInternalSubTransaction(nullptr);
        MemoryContextSwitchTo(outer.context);
        return outer;
    });
}

void commit(const Subtransaction &outer)
{
    call([&] {
        ReleaseCurrentSubTransaction();
        MemoryContextSwitchTo(outer.context);
        CurrentResourceOwner = outer.owner;
    });
}

void roll_back(const Subtransaction &outer)
{
    call([&] {
        RollbackAndReleaseCurrentSubTransaction();
        MemoryContextSwitchTo(outer.context);
        CurrentResourceOwner = outer.owner;
    });
}

bool is_refusal(const ErrorData *data)
{
    return data->domain != nullptr && strcmp(data->domain, refusal_domain) == 0;
}

bool passes(const char *sqlstate, OnError on_error)
{
    if (strncmp(sqlstate, "57", 2) == 0)
        return true;
    for (const char *const whole_class : {"53", "58"})
        if (strncmp(sqlstate, whole_class, 2) == 0)
            return on_error != OnError::return_resource_errors;
    if (strcmp(sqlstate, "40001") == 0)
        return true;
    for (const char *const code : {"40P01", "55P03"})
        if (strcmp(sqlstate, code) == 0)
            return on_error != OnError::return_busy_locks_and_refusals;
    return false;
}

struct Taken {
    ErrorData *data;
    MemoryContext context; // of its own: FreeErrorData of some majors leaves a part behind
};

// Takes the error that Pending stands for off elog's stack, and ends the subtransaction that it broke.
Taken take_pending(const Subtransaction &outer)
{
    Taken const taken = call([&] {
        MemoryContext const context = AllocSetContextCreate(outer.context, "datasurface error", ALLOCSET_SMALL_SIZES);
        MemoryContextSwitchTo(context);
        ErrorData *const copy = CopyErrorData();
        FlushErrorState();
        return Taken{copy, context};
    });
    roll_back(outer);
    return taken;
}

Error as_data(const ErrorData *data)
{
    ErrorText const text = call([&] {
        auto const utf8 = [](const char *value) { return value == nullptr ? nullptr : to_utf8(value); };
        return ErrorText{unpack_sql_state(data->sqlerrcode), utf8(data->message), utf8(data->detail), utf8(data->hint)};
    });
    Error error(text.sqlstate, string_of(text.message), string_of(text.detail), string_of(text.hint));
    error.is_refusal = is_refusal(data);
    return error;
}

using End = void (*)(const Subtransaction &);

// The subtransaction is ended here for errors that are raised on, too. Otherwise an EXCEPTION block or a ROLLBACK TO further up would
// end ours instead of its own, and the transaction would go on at the wrong level.
std::optional<Error> run_in_subtransaction(const std::function<void()> &body, End end, OnError on_error)
{
    Subtransaction const outer = begin();
    try {
        body();
        end(outer);
        return std::nullopt;
    } catch (const Pending &) {
        // below, where no handler is active
    } catch (const Error &error) {
        roll_back(outer);
        // 55006 of ours is about what the caller's own transaction has in the way
        bool const refusal =
            error.sqlstate == sqlstate::object_in_use && on_error != OnError::return_busy_locks_and_refusals;
        if (refusal || (!error.is_final && passes(error.sqlstate.c_str(), on_error)))
            throw;
        return error;
    } catch (...) {
        roll_back(outer);
        throw;
    }
    Taken const taken = take_pending(outer);
    bool const refusal = is_refusal(taken.data) && on_error != OnError::return_busy_locks_and_refusals;
    if (refusal || passes(unpack_sql_state(taken.data->sqlerrcode), on_error))
        call([&] { ReThrowError(taken.data); });
    Error error = as_data(taken.data);
    call([&] { MemoryContextDelete(taken.context); });
    return error;
}

} // namespace

bool keep_if(const std::function<bool()> &body)
{
    Subtransaction const outer = begin();
    try {
        bool const keep = body();
        if (keep)
            commit(outer);
        else
            roll_back(outer);
        return keep;
    } catch (const Pending &) {
        // below, where no handler is active
    } catch (...) {
        roll_back(outer);
        throw;
    }
    Taken const taken = take_pending(outer);
    call([&] { ReThrowError(taken.data); });
    return false;
}

std::optional<Error> savepoint(const std::function<void()> &body, OnError on_error)
{
    return run_in_subtransaction(body, commit, on_error);
}

std::optional<Error> rolled_back(const std::function<void()> &body, OnError on_error)
{
    return run_in_subtransaction(body, roll_back, on_error);
}

} // namespace datasurface::pg
