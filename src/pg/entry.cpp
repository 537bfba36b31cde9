#include "pg/entry.hpp"

#include "base/sqlstate.hpp"
#include "pg/entry_raising.hpp"
#include "pg/scratch.hpp"

extern "C" {
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"
}

namespace datasurface::pg {

namespace {

char *copy(const std::string &text) noexcept
{
    return text.empty() ? nullptr : strdup(text.c_str());
}

// Text in the server's encoding. If it cannot be converted, ? replaces each byte above 127: an error of the conversion must not hide
// the error that the text belongs to. The conversion's error may be dropped without a subtransaction, because it holds no resources
// and the error that follows aborts the transaction.
char *to_server_or_ascii(char *text)
{
    try {
        return call([&] { return to_server(text); });
    } catch (const Pending &) {
        // below, where no handler is active
    }
    FlushErrorState();
    for (char *byte = text; *byte != '\0'; ++byte)
        if (IS_HIGHBIT_SET(*byte))
            *byte = '?';
    return text;
}

// From malloc to palloc and the server's encoding; a text that could not be copied for want of memory is left out.
char *adopt(char *text)
{
    if (text == nullptr)
        return nullptr;
    char *const copy = copy_if_possible(text);
    free(text);
    return copy == nullptr ? nullptr : to_server_or_ascii(copy);
}

} // namespace

void describe(Failure &failure, const Error &error) noexcept
{
    describe(failure, error.sqlstate.c_str(), error.message.c_str());
    failure.detail = copy(error.detail);
    failure.hint = copy(error.hint);
}

void describe(Failure &failure, const char *sqlstate, const char *message) noexcept
{
    snprintf(failure.sqlstate, sizeof failure.sqlstate, "%s", sqlstate);
    failure.message = strdup(message);
}

void raise(Failure &failure)
{
    Texts const texts{failure.sqlstate, adopt(failure.message), adopt(failure.detail), adopt(failure.hint)};
    raise_texts(failure.pending, texts);
}

bool Call::is_null(int argument) const
{
    return fcinfo_->nargs <= argument || fcinfo_->args[argument].isnull;
}

bool Call::is_atomic() const
{
    const Node *const context = fcinfo_->context;
    return context == nullptr || !IsA(context, CallContext) || reinterpret_cast<const CallContext *>(context)->atomic;
}

std::optional<std::string> Call::optional_text(int argument) const
{
    if (is_null(argument))
        return std::nullopt;
    return std::string(pg::call([&] { return utf8_of(fcinfo_->args[argument].value); }));
}

std::optional<std::vector<std::string>> Call::optional_texts(int argument, const char *name) const
{
    if (is_null(argument))
        return std::nullopt;
    Datum *elements = nullptr;
    bool *nulls = nullptr;
    int count = 0;
    pg::call([&] {
        ArrayType *const array = DatumGetArrayTypeP(fcinfo_->args[argument].value);
        deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
    });
    std::vector<std::string> texts;
    for (int i = 0; i < count; ++i) {
        if (nulls[i])
            throw Error(sqlstate::null_value_not_allowed, "argument " + std::string(name) + " must not contain NULL");
        texts.emplace_back(pg::call([&] { return utf8_of(elements[i]); }));
    }
    return texts;
}

void Call::require(int argument, const char *name) const
{
    if (!is_null(argument))
        return;
    std::string const function = pg::call([&] { return utf8_name_of(fcinfo_->flinfo->fn_oid); });
    throw Error(sqlstate::null_value_not_allowed,
                "argument " + std::string(name) + " of " + function + " must not be NULL",
                "A variable that was never set is a usual cause.", "Give it a value.");
}

std::string Call::text(int argument, const char *name) const
{
    require(argument, name);
    return *optional_text(argument);
}

std::int32_t Call::integer(int argument, const char *name) const
{
    require(argument, name);
    return DatumGetInt32(fcinfo_->args[argument].value);
}

bool Call::boolean(int argument, const char *name) const
{
    require(argument, name);
    return DatumGetBool(fcinfo_->args[argument].value);
}

std::optional<std::int64_t> Call::optional_bigint(int argument) const
{
    if (is_null(argument))
        return std::nullopt;
    return DatumGetInt64(fcinfo_->args[argument].value);
}

std::optional<double> Call::optional_interval_seconds(int argument) const
{
    if (is_null(argument))
        return std::nullopt;
    const Interval *const interval = DatumGetIntervalP(fcinfo_->args[argument].value);
    double const days = interval->month * 30.0 + interval->day;
    return days * SECS_PER_DAY + static_cast<double>(interval->time) / USECS_PER_SEC;
}

std::string Call::timestamp_text(int argument, const char *name) const
{
    require(argument, name);
    return pg::call([&] {
        const char *text = nullptr;
        char buffer[MAXDATELEN + 1];
        struct pg_tm broken;
        fsec_t fraction;
        int zone = 0;
        TimestampTz const time = DatumGetTimestampTz(fcinfo_->args[argument].value);
        if (TIMESTAMP_NOT_FINITE(time))
            text = TIMESTAMP_IS_NOBEGIN(time) ? "-infinity" : "infinity";
        else if (timestamp2tm(time, &zone, &broken, &fraction, &text, nullptr) != 0)
            ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), errmsg("timestamp out of range")));
        else {
            EncodeDateTime(&broken, fraction, true, zone, nullptr, USE_ISO_DATES, buffer);
            text = pstrdup(buffer);
        }
        return text;
    });
}

Datum Call::returns(const sqltext::Value &value) const
{
    if (const auto *number = std::get_if<std::int32_t>(&value))
        return Int32GetDatum(*number);
    if (const auto *wide = std::get_if<std::int64_t>(&value))
        return Int64GetDatum(*wide);
    if (const auto *flag = std::get_if<bool>(&value))
        return BoolGetDatum(*flag);
    if (const auto *text = std::get_if<std::string>(&value))
        return call([&] { return PointerGetDatum(cstring_to_text(to_server(*text))); });
    fcinfo_->isnull = true;
    return static_cast<Datum>(0);
}

Datum Call::returns_row(const Row &row) const
{
    return call([&] {
        TupleDesc descriptor;
        if (get_call_result_type(fcinfo_, nullptr, &descriptor) != TYPEFUNC_COMPOSITE)
            elog(ERROR, "return type must be a row type");
        return HeapTupleGetDatum(form_tuple(TupleDescGetAttInMetadata(BlessTupleDesc(descriptor)), row));
    });
}

Datum Call::returns_rows(const std::vector<Row> &rows) const
{
    call([&] {
        InitMaterializedSRF(fcinfo_, 0);
        auto *const result = reinterpret_cast<ReturnSetInfo *>(fcinfo_->resultinfo);
        AttInMetadata *const metadata = TupleDescGetAttInMetadata(result->setDesc);
        for (const Row &row : rows)
            tuplestore_puttuple(result->setResult, form_tuple(metadata, row));
    });
    return static_cast<Datum>(0);
}

Call::Spool Call::spool() const
{
    Spool spool;
    call([&] {
        InitMaterializedSRF(fcinfo_, 0);
        auto *const result = reinterpret_cast<ReturnSetInfo *>(fcinfo_->resultinfo);
        spool.columns_ = TupleDescGetAttInMetadata(result->setDesc);
        spool.rows_ = tuplestore_begin_heap(false, false, work_mem);
    });
    return spool;
}

void Call::Spool::add(const Row &row)
{
    with_scratch_memory([&] { call([&] { tuplestore_puttuple(rows_, form_tuple(columns_, row)); }); });
    ++size_;
}

Datum Call::returns_spooled(const Spool &spool, const sqltext::Value &last) const
{
    call([&] { return_rows(reinterpret_cast<ReturnSetInfo *>(fcinfo_->resultinfo), spool.rows_, last); });
    return static_cast<Datum>(0);
}

} // namespace datasurface::pg
