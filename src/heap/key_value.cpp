#include "heap/key_value.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

extern "C" {
#include "access/htup_details.h"
#include "access/tupmacs.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/multirangetypes.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
}

namespace datasurface::heap {

namespace {

using By = KeyType::By;

// PostgreSQL's regime, all of it.

template <class Number>
std::uint64_t digest_number(Number number, std::uint64_t chained)
{
    return XXH3_64bits_withSeed(&number, sizeof number, chained);
}

std::uint64_t digest_hash(const KeyType &type, Datum value, std::uint64_t chained)
{
    std::uint64_t const hash = DatumGetUInt64(
        FunctionCall2Coll(const_cast<FmgrInfo *>(&type.hash), type.collation, value, UInt64GetDatum(chained)));
    return digest_number(chained, hash);
}

// The hash leaves out the sign, and is the same for NaN and the infinities.
std::uint64_t digest_numeric(const KeyType &type, Numeric value, std::uint64_t chained)
{
    Datum const number = NumericGetDatum(value);
    std::int32_t const sign =
        numeric_is_nan(value)
            ? 2
            : DatumGetInt32(DirectFunctionCall2Coll(numeric_cmp, InvalidOid, number, NumericGetDatum(type.zero)));
    return digest_number(sign, digest_hash(type, number, chained));
}

// The comparison of intervals takes months of 30 days and days of 24 hours.
std::uint64_t digest_interval(const Interval &value, std::uint64_t chained)
{
    std::int64_t const days = value.month * std::int64_t{DAYS_PER_MONTH} + value.day;
    __int128 const span = static_cast<__int128>(days) * USECS_PER_DAY + value.time;
    return digest_number(span, chained);
}

std::uint64_t digest_json_scalar(const KeyType &type, const JsonbValue &value, std::uint64_t chained)
{
    switch (value.type) {
    case jbvString:
        return digest_image(value.val.string.val, static_cast<std::size_t>(value.val.string.len), chained);
    case jbvNumeric:
        return digest_numeric(type, value.val.numeric, chained);
    case jbvBool:
        return digest_number(value.val.boolean, chained);
    default:
        return chained; // null: its type was digested
    }
}

// jsonb keeps the keys of an object sorted and unique, so equal objects are read in one order.
std::uint64_t digest_jsonb(const KeyType &type, Jsonb *value, std::uint64_t chained)
{
    JsonbIterator *iterator = JsonbIteratorInit(&value->root);
    JsonbValue part;
    JsonbIteratorToken token;
    while ((token = JsonbIteratorNext(&iterator, &part, false)) != WJB_DONE) {
        CHECK_FOR_INTERRUPTS();
        bool const begins_array = token == WJB_BEGIN_ARRAY;
        bool const is_scalar = token == WJB_KEY || token == WJB_VALUE || token == WJB_ELEM;
        std::int32_t const kind[] = {static_cast<std::int32_t>(token),
                                     is_scalar ? static_cast<std::int32_t>(part.type) : 0,
                                     begins_array && part.val.array.rawScalar ? 1 : 0};
        chained = digest_image(reinterpret_cast<const char *>(kind), sizeof kind, chained);
        if (is_scalar)
            chained = digest_json_scalar(type, part, chained);
    }
    return chained;
}

std::uint64_t digest_part(const KeyType &type, Datum value, bool null, std::uint64_t chained)
{
    chained = digest_number(null, chained);
    return null ? chained : digest_value(type, value, chained);
}

std::uint64_t digest_array(const KeyType &type, ArrayType *value, std::uint64_t chained)
{
    std::size_t const bounds = sizeof(int) * static_cast<std::size_t>(ARR_NDIM(value));
    chained = digest_number(ARR_NDIM(value), chained);
    chained = digest_image(reinterpret_cast<const char *>(ARR_DIMS(value)), bounds, chained);
    chained = digest_image(reinterpret_cast<const char *>(ARR_LBOUND(value)), bounds, chained);
    const KeyType &element = *type.parts;
    Datum *values;
    bool *nulls;
    int count;
    deconstruct_array(value, ARR_ELEMTYPE(value), element.length, element.by_value, element.alignment, &values, &nulls,
                      &count);
    for (int i = 0; i < count; ++i)
        chained = digest_part(element, values[i], nulls[i], chained);
    return chained;
}

std::uint64_t digest_record(const KeyType &type, HeapTupleHeader value, std::uint64_t chained)
{
    HeapTupleData tuple{};
    tuple.t_len = HeapTupleHeaderGetDatumLength(value);
    tuple.t_data = value;
    ItemPointerSetInvalid(&tuple.t_self);
    auto const attributes = static_cast<Size>(type.row->natts);
    auto *const values = static_cast<Datum *>(palloc(sizeof(Datum) * (attributes + 1)));
    auto *const nulls = static_cast<bool *>(palloc(sizeof(bool) * (attributes + 1)));
    heap_deform_tuple(&tuple, type.row, values, nulls);
    for (int i = 0; i < type.row->natts; ++i)
        if (!TupleDescAttr(type.row, i)->attisdropped)
            chained = digest_part(type.parts[i], values[i], nulls[i], chained);
    return chained;
}

std::uint64_t digest_bound(const KeyType &type, const RangeBound &bound, std::uint64_t chained)
{
    chained = digest_number(bound.inclusive, chained);
    return digest_part(type, bound.val, bound.infinite, chained);
}

std::uint64_t digest_range(const KeyType &type, const RangeType *value, std::uint64_t chained)
{
    RangeBound lower, upper;
    bool empty = false;
    range_deserialize(type.range, value, &lower, &upper, &empty);
    chained = digest_number(empty, chained);
    if (empty)
        return chained;
    return digest_bound(*type.parts, upper, digest_bound(*type.parts, lower, chained));
}

std::uint64_t digest_multirange(const KeyType &type, const MultirangeType *value, std::uint64_t chained)
{
    int32 count = 0;
    RangeType **ranges = nullptr;
    multirange_deserialize(type.range, value, &count, &ranges);
    chained = digest_number(count, chained);
    for (int32 i = 0; i < count; ++i)
        chained = digest_range(type, ranges[i], chained);
    return chained;
}

std::uint64_t digest_image_of(const KeyType &type, Datum value, std::uint64_t chained)
{
    alignas(Datum) char stored[sizeof(Datum)];
    if (type.by_value) {
        store_att_byval(stored, value, type.length);
        return digest_image(stored, static_cast<std::size_t>(type.length), chained);
    }
    if (type.length != -1)
        return digest_image(DatumGetPointer(value), static_cast<std::size_t>(type.length), chained);
    const struct varlena *const bytes = PG_DETOAST_DATUM_PACKED(value);
    return digest_image(VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes), chained);
}

} // namespace

std::uint64_t digest_image(const char *bytes, std::size_t size, std::uint64_t chained)
{
    return XXH3_64bits_withSeed(bytes, size, chained);
}

std::uint64_t digest_value(const KeyType &type, Datum value, std::uint64_t chained)
{
    check_stack_depth();
    switch (type.by) {
    case By::image:
        return digest_image_of(type, value, chained);
    case By::hash:
        return digest_hash(type, value, chained);
    case By::numeric:
        return digest_numeric(type, DatumGetNumeric(value), chained);
    case By::interval:
        return digest_interval(*DatumGetIntervalP(value), chained);
    case By::jsonb:
        return digest_jsonb(type, DatumGetJsonbP(value), chained);
    case By::array:
        return digest_array(type, DatumGetArrayTypeP(value), chained);
    case By::record:
        return digest_record(type, DatumGetHeapTupleHeader(value), chained);
    case By::range:
        return digest_range(type, DatumGetRangeTypeP(value), chained);
    case By::multirange:
        return digest_multirange(type, DatumGetMultirangeTypeP(value), chained);
    }
    return chained;
}

} // namespace datasurface::heap
