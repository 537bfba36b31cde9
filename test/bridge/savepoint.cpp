// Errors that become data, and what must be as before after them.
#include "pg/savepoint.hpp"

#include "pg/entry.hpp"
#include "pg/session.hpp"
#include "pg/spi.hpp"
#include "witness.hpp"

extern "C" {
#include "access/xact.h"
#include "utils/resowner.h"
}

using datasurface::Error;
using datasurface::bridge::Witness;
namespace pg = datasurface::pg;

namespace {

struct Surroundings {
    MemoryContext context = CurrentMemoryContext;
    ResourceOwner owner = CurrentResourceOwner;
    sigjmp_buf *jump = PG_exception_stack;
    ErrorContextCallback *callbacks = error_context_stack;
    int level = GetCurrentTransactionNestLevel();

    bool operator==(const Surroundings &) const = default;
};

// pg::savepoint, which must put everything back, however it ends.
std::optional<Error> checked_savepoint(const std::function<void()> &body)
{
    Surroundings const before;
    Witness const witness;
    try {
        std::optional<Error> const failure = pg::savepoint(body);
        if (!(Surroundings() == before))
            throw Error("XX000", "the savepoint left traces");
        return failure;
    } catch (const pg::Pending &) {
        if (!(Surroundings() == before))
            throw Error("XX000", "the savepoint, passing an error on, left traces");
        throw;
    }
}

std::string line(const std::optional<Error> &failure)
{
    if (!failure)
        return "no error";
    return failure->sqlstate + " | " + failure->message + " | " + failure->detail + " | " + failure->hint;
}

} // namespace

// Runs a statement under a savepoint; its error is the answer.
DATASURFACE_FUNCTION(bridge_swallow)
{
    std::string const statement = call.text(0, "statement");
    return call.returns(line(checked_savepoint([&] {
        Witness const witness;
        (void)pg::execute({"statement", statement, {}});
    })));
}

// The same for an error of ours, thrown where a statement has been run.
DATASURFACE_FUNCTION(bridge_swallow_thrown)
{
    std::string const sqlstate = call.text(0, "sqlstate");
    std::string const statement = call.text(1, "statement");
    return call.returns(line(checked_savepoint([&] {
        Witness const witness;
        (void)pg::execute({"statement", statement, {}});
        if (sqlstate == "bad_alloc")
            throw std::bad_alloc();
        throw Error(sqlstate, "the message", "the detail", "the hint");
    })));
}

// Many savepoints in one call; returns how many of them failed.
DATASURFACE_FUNCTION(bridge_swallow_many)
{
    std::int32_t const times = call.integer(0, "times");
    std::string const statement = call.text(1, "statement");
    std::int32_t failures = 0;
    for (std::int32_t i = 0; i < times; ++i)
        failures += checked_savepoint([&] { (void)pg::query({"statement", statement, {}}); }).has_value() ? 1 : 0;
    return call.returns(failures);
}

// A savepoint inside a savepoint: the inner error is data, then the outer one fails too.
DATASURFACE_FUNCTION(bridge_swallow_twice)
{
    std::string const statement = call.text(0, "statement");
    std::string inner;
    std::optional<Error> const outer = checked_savepoint([&] {
        inner = line(checked_savepoint([&] { (void)pg::execute({"statement", statement, {}}); }));
        (void)pg::execute({"statement", statement, {}});
    });
    return call.returns(inner + " || " + line(outer));
}

// A statement, as another role and under pinned settings, without a savepoint.
DATASURFACE_FUNCTION(bridge_as_role)
{
    Witness const witness;
    std::string answer;
    pg::as_role(call.text(0, "role"), [&] {
        pg::with_pinned_settings([&] {
            pg::Rows const rows = pg::query({"statement", call.text(1, "statement"), {}});
            answer = rows.empty() ? "" : rows.text(0, 0);
        });
    });
    return call.returns(answer);
}

DATASURFACE_FUNCTION(bridge_swallow_as_role)
{
    std::string const role = call.text(0, "role");
    std::string const statement = call.text(1, "statement");
    return call.returns(line(checked_savepoint([&] {
        pg::as_role(role, [&] { pg::with_pinned_settings([&] { (void)pg::execute({"statement", statement, {}}); }); });
    })));
}

// May code run by the caller do what a security-restricted operation forbids? 2 is restricted, 1 a changed user.
DATASURFACE_FUNCTION(bridge_security)
{
    Oid user = InvalidOid;
    int context = 0;
    GetUserIdAndSecContext(&user, &context);
    return call.returns(static_cast<std::int32_t>(context));
}

// Two counts of one query, under one snapshot, with a statement that changes something in between.
DATASURFACE_FUNCTION(bridge_same_snapshot)
{
    std::string const query = call.text(0, "query");
    std::string const statement = call.text(1, "statement");
    std::string answer;
    pg::with_snapshot([&](const pg::Snapshot &snapshot) {
        answer = pg::query({"first", query, {}}, &snapshot).text(0, 0);
        (void)pg::query({"between", statement, {}});
        answer += " " + pg::query({"second", query, {}}, &snapshot).text(0, 0);
    });
    return call.returns(answer);
}
