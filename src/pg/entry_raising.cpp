#include "pg/entry_raising.hpp"

#include <cstdint>

#include <cstring>

#include "base/sqlstate.hpp"
#include "pg/boundary.hpp"

extern "C" {
#include "executor/tuptable.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
}

namespace datasurface::pg {

namespace {

const char *cstring(const sqltext::Value &value, char *buffer, std::size_t size)
{
    if (const auto *text = std::get_if<std::string>(&value))
        return to_server(*text);
    if (const auto *number = std::get_if<std::int32_t>(&value))
        snprintf(buffer, size, "%d", *number);
    else if (const auto *wide = std::get_if<std::int64_t>(&value))
        snprintf(buffer, size, INT64_FORMAT, *wide);
    else
        snprintf(buffer, size, "%s", *std::get_if<bool>(&value) ? "t" : "f");
    return pstrdup(buffer);
}

} // namespace

char *copy_if_possible(const char *text)
{
    std::size_t const size = strlen(text) + 1;
    char *const copy = static_cast<char *>(palloc_extended(size, MCXT_ALLOC_NO_OOM | MCXT_ALLOC_HUGE));
    if (copy != nullptr)
        memcpy(copy, text, size);
    return copy;
}

void raise_texts(bool pending, const Texts &texts)
{
    if (pending)
        PG_RE_THROW();
    const char *const code = texts.message != nullptr ? texts.sqlstate : sqlstate::out_of_memory;
    ereport(ERROR, (errcode(MAKE_SQLSTATE(code[0], code[1], code[2], code[3], code[4])),
                    errmsg_internal("%s", texts.message != nullptr ? texts.message : "out of memory"),
                    texts.detail != nullptr ? errdetail_internal("%s", texts.detail) : 0,
                    texts.hint != nullptr ? errhint("%s", texts.hint) : 0));
    pg_unreachable();
}

const char *utf8_of(Datum value)
{
    return to_utf8(text_to_cstring(DatumGetTextPP(value)));
}

const char *utf8_name_of(Oid function)
{
    const char *const name = get_func_name(function);
    return name == nullptr ? "" : to_utf8(name);
}

HeapTuple form_tuple(AttInMetadata *metadata, const std::vector<sqltext::Value> &row)
{
    char **const values = static_cast<char **>(palloc0(sizeof(char *) * row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
        char buffer[32];
        if (!std::holds_alternative<sqltext::Null>(row[i]))
            values[i] = const_cast<char *>(cstring(row[i], buffer, sizeof buffer));
    }
    return BuildTupleFromCStrings(metadata, values);
}

void return_rows(ReturnSetInfo *result, Tuplestorestate *rows, const sqltext::Value &last)
{
    const auto *const text = std::get_if<std::string>(&last);
    Datum const value = text == nullptr ? static_cast<Datum>(0) : CStringGetTextDatum(to_server(*text));
    int const place = result->setDesc->natts - 1;
    TupleTableSlot *const slot = MakeSingleTupleTableSlot(result->setDesc, &TTSOpsMinimalTuple);
    while (tuplestore_gettupleslot(rows, true, false, slot)) {
        slot_getallattrs(slot);
        slot->tts_values[place] = value;
        slot->tts_isnull[place] = text == nullptr;
        tuplestore_putvalues(result->setResult, result->setDesc, slot->tts_values, slot->tts_isnull);
    }
    ExecDropSingleTupleTableSlot(slot);
    tuplestore_end(rows);
}

} // namespace datasurface::pg
