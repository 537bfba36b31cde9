// Errors of every kind, raised while an object is alive, and how many objects outlived them.
#include <stdexcept>

#include "pg/entry.hpp"
#include "pg/spi.hpp"
#include "witness.hpp"

extern "C" {
#include "utils/memutils.h"

PG_MODULE_MAGIC;
}

using datasurface::Error;
using datasurface::bridge::Witness;
namespace pg = datasurface::pg;

namespace {

void add_context(void *what)
{
    errcontext("the bridge's own context, %s", static_cast<const char *>(what));
}

void raise_by_postgres()
{
    pg::call([] {
        char what[] = "which is put back";
        ErrorContextCallback callback{error_context_stack, add_context, what};
        error_context_stack = &callback;
        ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("raised by PostgreSQL"), errdetail("its detail"),
                        errhint("its hint")));
    });
}

void allocate(Size size)
{
    pg::call([&] { (void)palloc(size); });
}

void allocate_huge()
{
    // the server reports its memory use in the log, and raises 53200
    pg::call([] { (void)MemoryContextAllocHuge(CurrentMemoryContext, MaxAllocHugeSize / 2); });
}

void raise(const std::string &kind)
{
    Witness const witness;
    if (kind == "postgres")
        raise_by_postgres();
    if (kind == "error")
        throw Error("SF042", "thrown by C++", "detail of 100 %s", "hint of 100 %d");
    if (kind == "message only")
        throw Error("SF042", "thrown by C++");
    if (kind == "no message")
        throw Error("SF042", "");
    if (kind == "bad_alloc")
        throw std::bad_alloc();
    if (kind == "exception")
        throw std::runtime_error("a standard exception");
    if (kind == "number")
        throw 42;
    if (kind == "invalid size")
        allocate(MaxAllocSize + 1);
    if (kind == "out of memory")
        allocate_huge();
}

} // namespace

DATASURFACE_FUNCTION(bridge_raise)
{
    Witness const witness;
    raise(call.text(0, "kind"));
    return call.returns(std::string("nothing was raised"));
}

// An error whose texts are UTF-8 of our own making: whatever a document brings.
DATASURFACE_FUNCTION(bridge_raise_texts)
{
    Witness const witness;
    throw Error("SF042", call.text(0, "message"), call.text(1, "detail"), call.text(2, "hint"));
}

// What no text argument could bring: a character that Latin-1 lacks, and bytes that are not UTF-8.
DATASURFACE_FUNCTION(bridge_raise_foreign)
{
    Witness const witness;
    throw Error("SF042", "gr\xC3\xBC\xC3\x9F dich, \xE4\xB8\xAD", "a broken \xC3 byte", "plain");
}

// The deepest of several calls of ourselves, through SPI each, raises.
DATASURFACE_FUNCTION(bridge_nested)
{
    Witness const witness;
    std::int32_t const depth = call.integer(0, "depth");
    std::string const kind = call.text(1, "kind");
    if (depth == 0)
        raise(kind);
    else
        (void)pg::query({"nested", "SELECT bridge.nested($1, $2)", {depth - 1, kind}});
    return call.returns_void();
}

// The first value of a query's rows.
DATASURFACE_FUNCTION(bridge_query)
{
    Witness const witness;
    pg::Rows const rows = pg::query({"query", call.text(0, "query"), {}});
    return rows.empty() ? call.returns({}) : call.returns(rows.text(0, 0));
}

// The same by a plan that is kept, for an argument that is a NULL, a number or a text.
DATASURFACE_FUNCTION(bridge_query_kept)
{
    Witness const witness;
    datasurface::sqltext::Value argument;
    if (!call.is_null(1))
        argument = call.integer(1, "number");
    if (!call.is_null(2))
        argument = call.text(2, "text");
    pg::Rows const rows = pg::query_kept({"kept", call.text(0, "query"), {argument}});
    return rows.empty() || rows.is_null(0, 0) ? call.returns({}) : call.returns(rows.text(0, 0));
}

DATASURFACE_FUNCTION(bridge_alive)
{
    return call.returns(static_cast<std::int32_t>(Witness::alive));
}

// Is an exception still being handled? It would be, had the error been raised inside a handler.
DATASURFACE_FUNCTION(bridge_handling)
{
    return call.returns(std::current_exception() != nullptr || std::uncaught_exceptions() != 0);
}
