#include "heap/image.hpp"

#include "diff/digest.hpp"
#include "heap/key_value.hpp"
#include "heap/row.hpp"

extern "C" {
#include "access/detoast.h"
#include "access/tupmacs.h"
#include "utils/datum.h"
}

namespace datasurface::heap {

struct Digester {
    const Tables *tables;
    const Table *table;
    diff::DigestKey key;
    diff::DigestKey null_key; // of null bits, which are digested apart from the bytes
    bool bytes_comparable;    // rows may be digested as they lie
    int last_key;             // the payload column up to which a row is walked for its key
    int *key_of;              // per payload column, its position in the key or -1
    // room for one row taken apart, and for one put together
    Datum *values;
    bool *nulls;
    Datum *payload_values;
    bool *payload_nulls;
};

namespace {

// The null bits of the payload alone: the bits of the system columns before them are shifted out.
struct NullBits {
    unsigned char bits[(MaxTupleAttributeNumber + 7) / 8];
    int bytes;
};

// Returns whether there are any NULLs.
bool take_null_bits(NullBits &out, const bits8 *bitmap, int skipped, int columns)
{
    int const source_bytes = (skipped + columns + 7) / 8;
    out.bytes = (columns + 7) / 8;
    for (int i = 0; i < out.bytes; ++i) {
        unsigned int const next = i + 1 < source_bytes ? bitmap[i + 1] : 0;
        out.bits[i] = static_cast<unsigned char>(((next << 8 | bitmap[i]) >> skipped) & 0xff);
    }
    if (columns % 8 != 0)
        out.bits[out.bytes - 1] &= static_cast<unsigned char>((1 << columns % 8) - 1);
    for (int i = 0; i < out.bytes - 1; ++i)
        if (out.bits[i] != 0xff)
            return true;
    return out.bits[out.bytes - 1] != (columns % 8 == 0 ? 0xff : (1 << columns % 8) - 1);
}

void digest_bytes(const Digester &digester, const char *bytes, std::size_t size, const NullBits *nulls,
                  diff::Entry &entry)
{
    diff::Digest row = diff::digest(digester.key, bytes, size);
    if (nulls != nullptr)
        row = diff::both(row, diff::digest(digester.null_key, nulls->bits, static_cast<std::size_t>(nulls->bytes)));
    entry.row[0] = row.low;
    entry.row[1] = row.high;
}

// Digests a value in a row, neither compressed nor stored elsewhere. A value that is compared by its bytes is not copied.
std::uint64_t digest_lying(const KeyType &type, Form_pg_attribute attribute, const char *value, std::uint64_t chained)
{
    if (type.by != KeyType::By::image)
        return digest_value(type, fetchatt(attribute, value), chained);
    if (attribute->attlen == -1)
        return digest_image(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), chained);
    return digest_image(value, static_cast<std::size_t>(attribute->attlen), chained);
}

enum class Walk { done, null_key, take_apart };

// Digests the key's columns where they are in the row, chained in the order of the payload, which both tables share.
Walk walk_key(const Digester &digester, HeapTuple tuple, diff::Entry &entry)
{
    HeapTupleHeader const header = tuple->t_data;
    const Table &table = *digester.table;
    TupleDesc const descriptor = RelationGetDescr(table.relation);
    const char *const data = reinterpret_cast<const char *>(header) + header->t_hoff;
    const bits8 *const bitmap = HeapTupleHasNulls(tuple) ? header->t_bits : nullptr;
    std::uint64_t chained = digester.key.seed;
    std::size_t offset = system_bytes;
    for (int column = 0; column <= digester.last_key; ++column) {
        int const number = table.system_columns + column;
        Form_pg_attribute const attribute = TupleDescAttr(descriptor, number);
        int const position = digester.key_of[column];
        if (bitmap != nullptr && att_isnull(number, const_cast<bits8 *>(bitmap))) {
            if (position >= 0)
                return Walk::null_key;
            continue;
        }
        offset = att_align_pointer(offset, attribute->attalign, attribute->attlen, data + offset);
        const char *const value = data + offset;
        if (position >= 0) {
            if (attribute->attlen == -1 && (VARATT_IS_EXTERNAL(value) || VARATT_IS_COMPRESSED(value)))
                return Walk::take_apart;
            chained = digest_lying(digester.tables->keys[position].type, attribute, value, chained);
        }
        offset = att_addlength_pointer(offset, attribute->attlen, value);
    }
    entry.key = chained;
    return Walk::done;
}

// Digests the key's values, to the same digest.
bool digest_key_values(const Digester &digester, diff::Entry &entry)
{
    const Tables &tables = *digester.tables;
    std::uint64_t chained = digester.key.seed;
    for (int column = 0; column <= digester.last_key; ++column) {
        int const position = digester.key_of[column];
        if (position < 0)
            continue;
        if (digester.payload_nulls[column])
            return false;
        chained = digest_value(tables.keys[position].type, digester.payload_values[column], chained);
    }
    entry.key = chained;
    return true;
}

// Forms the payload with the bytes that an ordinary row has. Values stored elsewhere are fetched; compressed ones stay compressed.
void digest_payload_values(const Digester &digester, diff::Entry &entry)
{
    TupleDesc const image = digester.tables->image;
    bool any_null = false;
    for (int column = 0; column < image->natts; ++column) {
        any_null = any_null || digester.payload_nulls[column];
        if (digester.payload_nulls[column] || TupleDescAttr(image, column)->attlen != -1)
            continue;
        auto *const value = reinterpret_cast<struct varlena *>(DatumGetPointer(digester.payload_values[column]));
        if (VARATT_IS_EXTERNAL(value))
            digester.payload_values[column] = PointerGetDatum(detoast_external_attr(value));
    }
    Size const size = heap_compute_data_size(image, digester.payload_values, digester.payload_nulls);
    auto *const bytes = static_cast<char *>(palloc0(size + 1));
    auto *const bitmap = static_cast<bits8 *>(palloc0(static_cast<Size>(BITMAPLEN(image->natts))));
    uint16 flags = 0;
    heap_fill_tuple(image, digester.payload_values, digester.payload_nulls, bytes, size, &flags,
                    any_null ? bitmap : nullptr);
    NullBits nulls;
    if (any_null)
        (void)take_null_bits(nulls, bitmap, 0, image->natts);
    digest_bytes(digester, bytes, size, any_null ? &nulls : nullptr, entry);
}

bool digest_values(const Digester &digester, HeapTuple tuple, diff::Entry &entry)
{
    const Table &table = *digester.table;
    heap_deform_tuple(tuple, RelationGetDescr(table.relation), digester.values, digester.nulls);
    for (int column = 0; column < digester.tables->columns; ++column) {
        digester.payload_values[column] = digester.values[table.payload[column] - 1];
        digester.payload_nulls[column] = digester.nulls[table.payload[column] - 1];
    }
    digest_payload_values(digester, entry);
    return digest_key_values(digester, entry);
}

} // namespace

Digester *make_digester(const Tables &tables, const Table &table, std::uint64_t seed)
{
    auto *const digester = static_cast<Digester *>(palloc0(sizeof(Digester)));
    digester->tables = &tables;
    digester->table = &table;
    digester->key = diff::digest_key(seed);
    digester->null_key = diff::digest_key(~seed);
    digester->bytes_comparable = tables.staging.plain && tables.merge.plain;
    auto const columns = static_cast<Size>(tables.columns);
    digester->key_of = static_cast<int *>(palloc(sizeof(int) * columns));
    for (int column = 0; column < tables.columns; ++column)
        digester->key_of[column] = -1;
    for (int i = 0; i < tables.key_count; ++i) {
        digester->key_of[tables.keys[i].column] = i;
        digester->last_key = Max(digester->last_key, tables.keys[i].column);
    }
    auto const all = static_cast<Size>(RelationGetDescr(table.relation)->natts);
    digester->values = static_cast<Datum *>(palloc(sizeof(Datum) * all));
    digester->nulls = static_cast<bool *>(palloc(sizeof(bool) * all));
    digester->payload_values = static_cast<Datum *>(palloc(sizeof(Datum) * columns));
    digester->payload_nulls = static_cast<bool *>(palloc(sizeof(bool) * columns));
    return digester;
}

bool digest(const Digester &digester, HeapTuple tuple, diff::Entry &entry)
{
    HeapTupleHeader const header = tuple->t_data;
    const Tables &tables = *digester.tables;
    if (!digester.bytes_comparable || !is_whole(*digester.table, tables.columns, tuple))
        return digest_values(digester, tuple, entry);
    Walk const walk = walk_key(digester, tuple, entry);
    if (walk == Walk::take_apart)
        return digest_values(digester, tuple, entry);
    const char *const payload = reinterpret_cast<const char *>(header) + header->t_hoff + system_bytes;
    std::size_t const size = tuple->t_len - header->t_hoff - system_bytes - bytes_behind(*digester.table, tuple);
    NullBits nulls;
    bool const has_nulls = HeapTupleHasNulls(tuple) &&
                           take_null_bits(nulls, header->t_bits, digester.table->system_columns, tables.columns);
    digest_bytes(digester, payload, size, has_nulls ? &nulls : nullptr, entry);
    return walk == Walk::done;
}

bool same_key(const Tables &tables, const Table &one, const TupleTableSlot *row, const Table &other,
              const TupleTableSlot *other_row)
{
    for (int i = 0; i < tables.key_count; ++i) {
        const KeyColumn &key = tables.keys[i];
        int const column = one.payload[key.column] - 1, other_column = other.payload[key.column] - 1;
        if (row->tts_isnull[column] || other_row->tts_isnull[other_column])
            return false;
        if (!DatumGetBool(FunctionCall2Coll(const_cast<FmgrInfo *>(&key.equal), key.type.collation,
                                            row->tts_values[column], other_row->tts_values[other_column])))
            return false;
    }
    return true;
}

bool same_image(const Tables &tables, const TupleTableSlot *staged, const TupleTableSlot *merged)
{
    for (int column = 0; column < tables.columns; ++column) {
        int const one = tables.staging.payload[column] - 1, other = tables.merge.payload[column] - 1;
        Form_pg_attribute const attribute = TupleDescAttr(tables.image, column);
        if (staged->tts_isnull[one] != merged->tts_isnull[other])
            return false;
        if (!staged->tts_isnull[one] &&
            !datum_image_eq(staged->tts_values[one], merged->tts_values[other], attribute->attbyval, attribute->attlen))
            return false;
    }
    return true;
}

} // namespace datasurface::heap
