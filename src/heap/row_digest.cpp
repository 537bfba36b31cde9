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

// Where the bytes of a row are gathered. One check for room serves a value and what goes before it.
char *room_for(StringInfo to, Size size)
{
    if (unlikely(size >= static_cast<Size>(to->maxlen - to->len)))
        enlargeStringInfo(to, static_cast<int>(size)); // raises if it is too much
    return to->data + to->len;
}

void add_null(StringInfo to)
{
    *room_for(to, 1) = '\0';
    to->len += 1;
}

// A byte of 1 says that there is a value.
void add_by_value(StringInfo to, Datum value, int length)
{
    Datum image = 0;
    store_att_byval(&image, value, length);
    char *const at = room_for(to, 1 + sizeof image);
    *at = '\1';
    memcpy(at + 1, &image, sizeof image); // a constant size is faster; what is too much is written over
    to->len += 1 + length;
}

void add_fixed(StringInfo to, const void *bytes, Size size)
{
    char *const at = room_for(to, 1 + size);
    *at = '\1';
    memcpy(at + 1, bytes, size);
    to->len += static_cast<int>(1 + size);
}

// The length goes first: "a" and "bc" are not "ab" and "c".
void add_bytes(StringInfo to, const char *bytes, Size size)
{
    auto const length = static_cast<uint32>(size); // a value has at most 1 GB
    char *const at = room_for(to, 1 + sizeof length + size);
    *at = '\1';
    memcpy(at + 1, &length, sizeof length);
    memcpy(at + 1 + sizeof length, bytes, size);
    to->len += static_cast<int>(1 + sizeof length + size);
}

void add_value(StringInfo to, ColumnDigest &column, Datum value)
{
    if (column.as_text) {
        const char *const text = OutputFunctionCall(&column.output, value);
        add_bytes(to, text, strlen(text));
    } else if (column.by_value) {
        add_by_value(to, value, column.length);
    } else if (column.length == -1) {
        auto *const stored = reinterpret_cast<struct varlena *>(DatumGetPointer(value));
        struct varlena *const whole =
            VARATT_IS_COMPRESSED(stored) || VARATT_IS_EXTERNAL(stored) ? pg_detoast_datum_packed(stored) : stored;
        add_bytes(to, VARDATA_ANY(whole), VARSIZE_ANY_EXHDR(whole));
    } else if (column.length == -2) {
        add_bytes(to, DatumGetCString(value), strlen(DatumGetCString(value)));
    } else {
        add_fixed(to, DatumGetPointer(value), static_cast<Size>(column.length));
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
        if (nulls[column.attribute])
            add_null(&digester.bytes);
        else
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
