#include "heap/row_digest.hpp"

extern "C" {
#include "access/htup_details.h"
#include "access/tupmacs.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"
}

namespace datasurface::heap {

namespace {

struct ColumnDigest {
    int attribute; // counted from zero
    int16 length;
    bool by_value;
    bool as_text; // the stored value depends on OIDs, which differ after a restore
    FmgrInfo output;
};

} // namespace

struct RowDigester {
    int count;
    ColumnDigest *columns;
    StringInfoData bytes;
    MemoryContext scratch;
    uint64 seed;
    diff::DigestKey keys[2]; // of old and new rows
    Oid type;                // of records
    int32 typmod;
};

namespace {

bool stores_an_oid(Oid type)
{
    switch (type) {
    case REGPROCOID:
    case REGPROCEDUREOID:
    case REGOPEROID:
    case REGOPERATOROID:
    case REGCLASSOID:
    case REGCOLLATIONOID:
    case REGTYPEOID:
    case REGCONFIGOID:
    case REGDICTIONARYOID:
    case REGROLEOID:
    case REGNAMESPACEOID:
    case ACLITEMOID:
        return true;
    default:
        return false;
    }
}

// Arrays, enums and composite types may contain OIDs.
bool has_stable_image(Oid type)
{
    return get_typtype(type) == TYPTYPE_BASE && !OidIsValid(get_element_type(type)) && !stores_an_oid(type);
}

void set_column(ColumnDigest &column, Form_pg_attribute attribute)
{
    Oid const type = getBaseType(attribute->atttypid);
    column.attribute = attribute->attnum - 1;
    column.length = attribute->attlen;
    column.by_value = attribute->attbyval;
    column.as_text = !has_stable_image(type);
    if (!column.as_text)
        return;
    Oid output = InvalidOid;
    bool is_varlena = false;
    getTypeOutputInfo(type, &output, &is_varlena);
    fmgr_info(output, &column.output);
}

// The length goes first: "a" and "bc" are not "ab" and "c".
void add_bytes(StringInfo to, const char *bytes, Size size)
{
    auto const length = static_cast<uint64>(size);
    enlargeStringInfo(to, static_cast<int>(sizeof length + size));
    memcpy(to->data + to->len, &length, sizeof length);
    memcpy(to->data + to->len + sizeof length, bytes, size);
    to->len += static_cast<int>(sizeof length + size);
}

void add_by_value(StringInfo to, Datum value, int length)
{
    Datum image = 0;
    store_att_byval(&image, value, length);
    enlargeStringInfo(to, sizeof image);
    memcpy(to->data + to->len, &image, sizeof image);
    to->len += static_cast<int>(sizeof image);
}

void add_value(StringInfo to, ColumnDigest &column, Datum value)
{
    if (column.as_text) {
        const char *const text = OutputFunctionCall(&column.output, value);
        add_bytes(to, text, strlen(text));
    } else if (column.by_value) {
        add_by_value(to, value, column.length);
    } else if (column.length == -1) {
        struct varlena *const whole = PG_DETOAST_DATUM_PACKED(value);
        add_bytes(to, VARDATA_ANY(whole), VARSIZE_ANY_EXHDR(whole));
    } else if (column.length == -2) {
        add_bytes(to, DatumGetCString(value), strlen(DatumGetCString(value)));
    } else {
        appendBinaryStringInfo(to, DatumGetPointer(value), column.length);
    }
}

} // namespace

RowDigester *make_row_digester(TupleDesc descriptor, const AttrNumber *columns, int count, uint64 seed)
{
    auto *const digester = static_cast<RowDigester *>(palloc0(sizeof(RowDigester)));
    digester->count = count;
    digester->seed = seed;
    digester->keys[0] = diff::digest_key(seed);
    digester->keys[1] = diff::digest_key(~seed);
    digester->columns = static_cast<ColumnDigest *>(palloc0(sizeof(ColumnDigest) * (static_cast<Size>(count) + 1)));
    for (int i = 0; i < count; ++i)
        set_column(digester->columns[i], TupleDescAttr(descriptor, columns[i] - 1));
    initStringInfo(&digester->bytes);
    digester->scratch = AllocSetContextCreate(CurrentMemoryContext, "datasurface row digest", ALLOCSET_DEFAULT_SIZES);
    return digester;
}

diff::Digest digest_row(RowDigester &digester, Side side, const Datum *values, const bool *nulls)
{
    MemoryContext const outer = MemoryContextSwitchTo(digester.scratch);
    resetStringInfo(&digester.bytes);
    for (int i = 0; i < digester.count; ++i) {
        ColumnDigest &column = digester.columns[i];
        bool const null = nulls[column.attribute];
        appendStringInfoCharMacro(&digester.bytes, null ? '\0' : '\1');
        if (!null)
            add_value(&digester.bytes, column, values[column.attribute]);
    }
    MemoryContextSwitchTo(outer);
    if (!MemoryContextIsEmpty(digester.scratch))
        MemoryContextReset(digester.scratch);
    return diff::digest(digester.keys[side == Side::old_row ? 0 : 1], digester.bytes.data,
                        static_cast<std::size_t>(digester.bytes.len));
}

namespace {

// All columns. The digester is kept in `kept` of the memory context while records have one type.
diff::Digest digest_record(HeapTupleHeader record, uint64 seed, Side side, void **kept, MemoryContext context)
{
    Oid const type = HeapTupleHeaderGetTypeId(record);
    int32 const typmod = HeapTupleHeaderGetTypMod(record);
    TupleDesc const descriptor = lookup_rowtype_tupdesc(type, typmod);
    int const count = descriptor->natts;
    auto *digester = static_cast<RowDigester *>(*kept);
    if (digester == nullptr || digester->type != type || digester->typmod != typmod || digester->seed != seed) {
        MemoryContext const outer = MemoryContextSwitchTo(context);
        auto *const columns = static_cast<AttrNumber *>(palloc(sizeof(AttrNumber) * (static_cast<Size>(count) + 1)));
        int used = 0;
        for (int i = 0; i < count; ++i)
            if (!TupleDescAttr(descriptor, i)->attisdropped)
                columns[used++] = static_cast<AttrNumber>(i + 1);
        digester = make_row_digester(descriptor, columns, used, seed);
        digester->type = type;
        digester->typmod = typmod;
        *kept = digester;
        MemoryContextSwitchTo(outer);
    }
    HeapTupleData tuple{};
    tuple.t_len = HeapTupleHeaderGetDatumLength(record);
    ItemPointerSetInvalid(&tuple.t_self);
    tuple.t_data = record;
    auto *const values = static_cast<Datum *>(palloc(sizeof(Datum) * (static_cast<Size>(count) + 1)));
    auto *const nulls = static_cast<bool *>(palloc(sizeof(bool) * (static_cast<Size>(count) + 1)));
    heap_deform_tuple(&tuple, descriptor, values, nulls);
    diff::Digest const digest = digest_row(*digester, side, values, nulls);
    pfree(values);
    pfree(nulls);
    ReleaseTupleDesc(descriptor);
    return digest;
}

} // namespace

// The sql engine calls it for each changed row, so it has no door: nothing here is C++'s.
extern "C" {
PG_FUNCTION_INFO_V1(ds_row_digest);
PGDLLEXPORT Datum ds_row_digest(PG_FUNCTION_ARGS)
{
    auto const seed = static_cast<uint64>(PG_GETARG_INT64(1));
    Side const side = PG_GETARG_BOOL(2) ? Side::old_row : Side::new_row;
    diff::Digest const digest =
        digest_record(PG_GETARG_HEAPTUPLEHEADER(0), seed, side, &fcinfo->flinfo->fn_extra, fcinfo->flinfo->fn_mcxt);
    PG_RETURN_INT64(static_cast<int64>(PG_GETARG_BOOL(3) ? digest.high : digest.low));
}
}

} // namespace datasurface::heap
