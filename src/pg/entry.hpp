// The door from PostgreSQL into C++. SQL functions go through entry(), which lets no exception pass. A handler copies the exception
// into plain memory and ends. Only then, in a frame that owns nothing, the error is raised. ds_row_digest alone has no door: it lies in
// a raising file, and throws nothing.
#pragma once

#include <exception>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "pg/boundary.hpp"
#include "sqltext/sqltext.hpp"

extern "C" {
#include "fmgr.h"
}

struct AttInMetadata;
struct Tuplestorestate;

namespace datasurface::pg {

// An error of C++ for PostgreSQL: plain data, so raising it leaks nothing.
// The texts are malloc'ed, because palloc may raise inside a handler; raise() frees them.
struct Failure {
    bool pending = false; // PostgreSQL's own, still on elog's stack
    char sqlstate[6] = "XX000";
    char *message = nullptr;
    char *detail = nullptr;
    char *hint = nullptr;
};

void describe(Failure &failure, const Error &error) noexcept;
void describe(Failure &failure, const char *sqlstate, const char *message) noexcept;
[[noreturn]] void raise(Failure &failure);

// Arguments and result of one call of a SQL function. Arguments are named in errors as SQL knows them.
class Call {
public:
    explicit Call(FunctionCallInfo fcinfo) : fcinfo_(fcinfo) {}

    bool is_null(int argument) const;
    bool is_atomic() const; // of a procedure: may it not end the transaction?
    // These throw 22004 for NULL.
    std::string text(int argument, const char *name) const;
    std::int32_t integer(int argument, const char *name) const;
    bool boolean(int argument, const char *name) const;
    std::string timestamp_text(int argument, const char *name) const; // as timestamptz reads it, in any session
    // NULL is nullopt.
    std::optional<std::string> optional_text(int argument) const;
    std::optional<std::vector<std::string>> optional_texts(int argument,
                                                           const char *name) const; // 22004 for a NULL in it
    std::optional<std::int64_t> optional_bigint(int argument) const;
    std::optional<double> optional_interval_seconds(int argument) const;

    using Row = std::vector<sqltext::Value>;
    Datum returns(const sqltext::Value &value) const; // scalar of the matching SQL type
    Datum returns_row(const Row &row) const;          // OUT parameters
    Datum returns_rows(const std::vector<Row> &rows) const;
    Datum returns_void() const { return static_cast<Datum>(0); }

    // Of a result with very many rows. PostgreSQL keeps them, on disk beyond work_mem, so that none of them is in the memory of C++ when
    // the next is made. The last column has the same value in all rows, which may be known at the end only.
    class Spool {
    public:
        void add(const Row &row); // whose last value is NULL
        std::int32_t size() const { return size_; }

    private:
        friend class Call;
        Tuplestorestate *rows_ = nullptr;
        AttInMetadata *columns_ = nullptr;
        std::int32_t size_ = 0;
    };

    Spool spool() const;
    Datum returns_spooled(const Spool &spool, const sqltext::Value &last) const;

private:
    void require(int argument, const char *name) const; // throws 22004 when it is NULL

    FunctionCallInfo fcinfo_;
};

// Runs body in C++'s regime for a caller in PostgreSQL's.
template <class Body>
auto guarded(Body body) -> std::invoke_result_t<Body &>
{
    Failure failure;
    try {
        return body();
    } catch (const Pending &) {
        failure.pending = true;
    } catch (const Error &error) {
        describe(failure, error);
    } catch (const std::bad_alloc &) {
        describe(failure, sqlstate::out_of_memory, "out of memory");
    } catch (const std::exception &error) {
        describe(failure, sqlstate::internal_error, error.what());
    } catch (...) {
        describe(failure, sqlstate::internal_error, "unknown C++ exception");
    }
    raise(failure);
}

template <class Body>
Datum entry(FunctionCallInfo fcinfo, Body body)
{
    return guarded([&] { return body(Call(fcinfo)); });
}

} // namespace datasurface::pg

// Defines the SQL function name; the body that follows reads `call` and returns its result.
#define DATASURFACE_FUNCTION(name)                                                                                     \
    static Datum name##_body(const datasurface::pg::Call &call);                                                       \
    extern "C" {                                                                                                       \
    PG_FUNCTION_INFO_V1(name);                                                                                         \
    PGDLLEXPORT Datum name(PG_FUNCTION_ARGS)                                                                           \
    {                                                                                                                  \
        return datasurface::pg::entry(fcinfo, [](const datasurface::pg::Call &call) { return name##_body(call); });    \
    }                                                                                                                  \
    }                                                                                                                  \
    static Datum name##_body([[maybe_unused]] const datasurface::pg::Call &call)
