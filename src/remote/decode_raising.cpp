#include "remote/decode_raising.hpp"

#include "heap/form.hpp"
#include "heap/layout.hpp"
#include "pg/encoding_raising.hpp"
#include "remote/assign_raising.hpp"

extern "C" {
#include "catalog/pg_type_d.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "parser/parse_coerce.h"
#include "port/pg_bswap.h"
#include "utils/lsyscache.h"
}

namespace datasurface::remote {

namespace {

struct Reader { // of one column
    Form form;
    Oid type; // that its values have when they come
    int32 modifier;
    Oid parameter;
    FmgrInfo function;
    Assignment *assignment; // nullptr: they are of the column's type
    const char *name;
};

constexpr char signature[] = "PGCOPY\n\377\r\n"; // and the zero at its end
constexpr int header_size = sizeof signature + 2 * sizeof(int32);

} // namespace

struct Decoder {
    MemoryContext context; // of this
    MemoryContext batch;   // of the rows
    heap::Former *former;
    const char *dataset;
    int columns;
    Reader *readers;
    Datum *values;
    bool *nulls;
    heap::ArrivingRows made;
    int column;
    std::int64_t rows;
    bool has_begun;
    bool has_ended;
};

namespace {

struct Bytes { // what is left of a message
    char *next;
    const char *end;
};

[[noreturn]] void unreadable(const char *why)
{
    ereport(ERROR, (errcode(ERRCODE_PROTOCOL_VIOLATION), errmsg("the rows of the source cannot be read: %s", why),
                    errhint("Something between the source and this server changes them.")));
}

void require(const Bytes &bytes, std::ptrdiff_t size)
{
    if (size < 0 || bytes.end - bytes.next < size)
        unreadable("a message ends too early");
}

int read_int16(Bytes &bytes)
{
    require(bytes, sizeof(int16));
    uint16 number;
    memcpy(&number, bytes.next, sizeof number);
    bytes.next += sizeof number;
    return static_cast<int16>(pg_ntoh16(number));
}

int read_int32(Bytes &bytes)
{
    require(bytes, sizeof(int32));
    uint32 number;
    memcpy(&number, bytes.next, sizeof number);
    bytes.next += sizeof number;
    return static_cast<int32>(pg_ntoh32(number));
}

void read_header(Bytes &bytes)
{
    require(bytes, header_size);
    if (memcmp(bytes.next, signature, sizeof signature) != 0)
        unreadable("they do not begin as a binary COPY does");
    bytes.next += sizeof signature;
    int const flags = read_int32(bytes);
    int const extension = read_int32(bytes);
    if (flags != 0)
        unreadable("they have flags that are not known");
    require(bytes, extension);
    bytes.next += extension;
}

// The four bytes before the value, which had its size, become the header of the varlena: nothing is copied.
Datum in_place(char *bytes, int size)
{
    alignas(uint32) char header[VARHDRSZ];
    SET_VARSIZE(header, size + VARHDRSZ);
    memcpy(bytes - VARHDRSZ, header, VARHDRSZ);
    return PointerGetDatum(bytes - VARHDRSZ);
}

Datum receive(Reader &reader, char *bytes, int size)
{
    StringInfoData buffer;
    buffer.data = bytes;
    buffer.len = size;
    buffer.maxlen = size + 1;
    buffer.cursor = 0;
    Datum const value = ReceiveFunctionCall(&reader.function, &buffer, reader.parameter, reader.modifier);
    if (buffer.cursor != buffer.len)
        unreadable("a value has another size than its type");
    return value;
}

// A value ends in a zero for the time of the call; what stands there is the next column's.
Datum input(Reader &reader, char *bytes, int size)
{
    char const after = bytes[size];
    bytes[size] = '\0';
    Datum const value = InputFunctionCall(&reader.function, bytes, reader.parameter, reader.modifier);
    bytes[size] = after;
    return value;
}

// Others have values that their receive functions refuse, or that are made there.
bool read_number(const Reader &reader, const char *bytes, int size, Datum &value)
{
    if (reader.type == INT8OID && size == sizeof(int64)) {
        uint64 number;
        memcpy(&number, bytes, sizeof number);
        value = Int64GetDatum(static_cast<int64>(pg_ntoh64(number)));
        return true;
    }
    if (reader.type == INT4OID && size == sizeof(int32)) {
        uint32 number;
        memcpy(&number, bytes, sizeof number);
        value = Int32GetDatum(static_cast<int32>(pg_ntoh32(number)));
        return true;
    }
    return false;
}

Datum read_value(Reader &reader, char *bytes, int size)
{
    if (reader.form == Form::binary) {
        Datum value;
        if (read_number(reader, bytes, size, value))
            return value;
        return receive(reader, bytes, size);
    }
    (void)pg_verify_mbstr(GetDatabaseEncoding(), bytes, size, false);
    return reader.form == Form::characters ? in_place(bytes, size) : input(reader, bytes, size);
}

// The input function of a domain may refuse NULL.
Datum read_null(Reader &reader)
{
    return reader.form == Form::text ? InputFunctionCall(&reader.function, nullptr, reader.parameter, reader.modifier)
                                     : static_cast<Datum>(0);
}

void read_values(Decoder &decoder, Bytes &bytes)
{
    for (decoder.column = 0; decoder.column < decoder.columns; ++decoder.column) {
        int const at = decoder.column;
        Reader &reader = decoder.readers[at];
        int const size = read_int32(bytes);
        decoder.nulls[at] = size == -1;
        if (size == -1) {
            decoder.values[at] = read_null(reader);
        } else {
            require(bytes, size);
            decoder.values[at] = read_value(reader, bytes.next, size);
        }
        if (reader.assignment != nullptr)
            decoder.values[at] = assign(*reader.assignment, decoder.values[at], decoder.nulls[at]);
        bytes.next += Max(size, 0);
    }
    decoder.column = -1;
}

// One row, or the end; the header stands before the first. Servers send it so.
void read_message(Decoder &decoder, Bytes bytes)
{
    if (decoder.has_ended)
        unreadable("there are some after their end");
    if (!decoder.has_begun)
        read_header(bytes);
    decoder.has_begun = true;
    int const fields = read_int16(bytes);
    if (fields == -1) {
        decoder.has_ended = true;
    } else if (fields != decoder.columns) {
        unreadable("a row has another number of columns");
    } else {
        read_values(decoder, bytes);
        decoder.rows++;
        // copies the values that are still in the message
        decoder.made.rows[decoder.made.count++] = heap::form_of_values(*decoder.former, decoder.values, decoder.nulls);
    }
    if (bytes.next != bytes.end)
        unreadable("a message goes on after its row");
}

const char *with_line(const char *text, const char *line)
{
    return text == nullptr ? line : psprintf("%s\n%s", text, line);
}

bool is_about_value(int code)
{
    return ERRCODE_TO_CATEGORY(code) == ERRCODE_DATA_EXCEPTION ||
           ERRCODE_TO_CATEGORY(code) == ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION || // of a domain
           code == ERRCODE_FEATURE_NOT_SUPPORTED;                                 // NaN as an integer
}

// The error of a value says neither the column nor the row.
[[noreturn]] void raise_with_place(const Decoder &decoder)
{
    MemoryContextSwitchTo(decoder.context);
    ErrorData *const error = CopyErrorData();
    bool const is_unreadable = error->sqlerrcode == ERRCODE_PROTOCOL_VIOLATION;
    if (decoder.column < 0 || !(is_unreadable || is_about_value(error->sqlerrcode)))
        PG_RE_THROW();
    FlushErrorState();
    const char *const place = psprintf("Column \"%s\" of dataset \"%s\", row " INT64_FORMAT " that the source sent.",
                                       decoder.readers[decoder.column].name, decoder.dataset, decoder.rows + 1);
    error->detail = const_cast<char *>(with_line(error->detail, place));
    if (!is_unreadable)
        error->hint = const_cast<char *>(
            with_line(error->hint,
                      "Correct it at the source, cast it in a query, or give the column another type in the model."));
    ReThrowError(error);
}

} // namespace

Decoder *open_decoder(const shape::Shape &shape)
{
    MemoryContext const context =
        AllocSetContextCreate(CurrentMemoryContext, "datasurface rows of a source", ALLOCSET_DEFAULT_SIZES);
    MemoryContext const old = MemoryContextSwitchTo(context);
    auto *const decoder = static_cast<Decoder *>(palloc0(sizeof(Decoder)));
    decoder->context = context;
    decoder->batch = AllocSetContextCreate(context, "datasurface batch of rows", ALLOCSET_DEFAULT_SIZES);
    decoder->former = heap::make_former(shape);
    if (decoder->former == nullptr) {
        MemoryContextSwitchTo(old);
        MemoryContextDelete(context);
        return nullptr;
    }
    decoder->dataset = pg::to_server(shape.dataset);
    decoder->columns = decoder->former->columns;
    decoder->readers = static_cast<Reader *>(palloc0(sizeof(Reader) * decoder->columns));
    decoder->values = static_cast<Datum *>(palloc0(sizeof(Datum) * decoder->columns));
    decoder->nulls = static_cast<bool *>(palloc0(sizeof(bool) * decoder->columns));
    decoder->made.rows = static_cast<HeapTuple *>(palloc(sizeof(HeapTuple) * heap::arriving_batch));
    decoder->column = -1;
    MemoryContextSwitchTo(old);
    return decoder;
}

void close_decoder(Decoder &decoder)
{
    heap::end_former(*decoder.former);
    MemoryContextDelete(decoder.context);
}

ColumnType type_of(const Decoder &decoder, int column)
{
    const FormData_pg_attribute &attribute = *heap::payload_attribute(decoder.former->staging, column);
    return {attribute.atttypid, attribute.atttypmod};
}

Base base_of(const Decoder &decoder, int column)
{
    Oid const type = getBaseType(heap::payload_attribute(decoder.former->staging, column)->atttypid);
    return {type, TypeCategory(type) == TYPCATEGORY_STRING};
}

void set_arrival(Decoder &decoder, int column, const Arrival &arrival)
{
    MemoryContext const old = MemoryContextSwitchTo(decoder.context);
    Form_pg_attribute const attribute = heap::payload_attribute(decoder.former->staging, column);
    Reader &reader = decoder.readers[column];
    reader.form = arrival.form;
    reader.type = arrival.type.oid;
    reader.modifier = arrival.type.modifier;
    reader.name = NameStr(attribute->attname);
    if (reader.type != attribute->atttypid || reader.modifier != attribute->atttypmod)
        reader.assignment = make_assignment(reader.type, attribute->atttypid, attribute->atttypmod);
    Oid function = InvalidOid;
    if (reader.form == Form::binary)
        getTypeBinaryInputInfo(reader.type, &function, &reader.parameter);
    else
        getTypeInputInfo(reader.type, &function, &reader.parameter);
    fmgr_info(function, &reader.function);
    MemoryContextSwitchTo(old);
}

heap::ArrivingRows decode(Decoder &decoder, const Messages &messages)
{
    MemoryContextReset(decoder.batch);
    MemoryContext const old = MemoryContextSwitchTo(decoder.batch);
    decoder.made.count = 0;
    PG_TRY();
    {
        for (int i = 0; i < messages.count; ++i)
            read_message(decoder, {messages.bytes[i], messages.bytes[i] + messages.sizes[i]});
    }
    PG_CATCH();
    {
        raise_with_place(decoder);
    }
    PG_END_TRY();
    MemoryContextSwitchTo(old);
    return decoder.made;
}

bool has_ended(const Decoder &decoder)
{
    return decoder.has_ended;
}

std::int64_t rows_decoded(const Decoder &decoder)
{
    return decoder.rows;
}

} // namespace datasurface::remote
