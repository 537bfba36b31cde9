#include "catalog/load.hpp"

#include "pg/savepoint.hpp"
#include "pg/spi.hpp"

namespace datasurface::catalog {

namespace {

sqltext::Value or_null(std::optional<std::int64_t> value)
{
    return value ? sqltext::Value(*value) : sqltext::Value();
}

sqltext::Value bound_or_null(const std::vector<std::string> &bound)
{
    return bound.empty() ? sqltext::Value() : sqltext::Value(sqltext::array_literal(bound));
}

std::vector<std::string> ids_of(const std::vector<int> &dataset_ids)
{
    std::vector<std::string> ids;
    for (int const id : dataset_ids)
        ids.push_back(std::to_string(id));
    return ids;
}

std::vector<int> ids_by(const std::string &name, const std::string &text, const std::vector<int> &dataset_ids)
{
    pg::Rows const rows = pg::query_kept({name, text, {sqltext::array_literal(ids_of(dataset_ids))}});
    std::vector<int> ids;
    for (std::size_t row = 0; row < rows.size(); ++row)
        ids.push_back(rows.integer(row, 0));
    return ids;
}

std::optional<Load> find(const std::string &name, const std::string &lock, int dataset_id)
{
    pg::Rows const rows = pg::query_kept(
        {name,
         "SELECT rows_digest, cut_by, null_keys, chunk_rows, begun_at IS NOT NULL, failed_at IS NOT NULL,"
         " source_system, source_timeline, source_lsn FROM datasurface.load"
         " WHERE dataset_id = $1 AND published_at IS NULL" +
             lock,
         {dataset_id}});
    if (rows.empty())
        return std::nullopt;
    Load load;
    load.dataset_id = dataset_id;
    load.rows_digest = rows.text(0, 0);
    if (!rows.is_null(0, 1))
        load.cut_by = rows.text(0, 1) == word(ingest::CutBy::key) ? ingest::CutBy::key : ingest::CutBy::place;
    load.null_keys = rows.boolean(0, 2);
    load.chunk_rows = rows.bigint(0, 3);
    load.has_begun = rows.boolean(0, 4);
    load.has_failed = rows.boolean(0, 5);
    if (!rows.is_null(0, 6))
        load.source = remote::Identity{rows.text(0, 6), rows.integer(0, 7), rows.text(0, 8)};
    return load;
}

} // namespace

std::vector<int> complete_loads(const std::vector<int> &dataset_ids)
{
    return ids_by("complete_loads",
                  "SELECT l.dataset_id FROM datasurface.load l WHERE l.dataset_id IN (SELECT unnest($1::integer[]))"
                  " AND l.begun_at IS NOT NULL AND NOT EXISTS (SELECT FROM datasurface.load_chunk c"
                  " WHERE c.dataset_id = l.dataset_id AND c.finished_at IS NULL)",
                  dataset_ids);
}

std::vector<int> failed_loads(const std::vector<int> &dataset_ids)
{
    return ids_by("failed_loads",
                  "SELECT dataset_id FROM datasurface.load WHERE dataset_id IN (SELECT unnest($1::integer[]))"
                  " AND failed_at IS NOT NULL ORDER BY failed_at",
                  dataset_ids);
}

std::optional<Load> find_load(int dataset_id)
{
    return find("find_load", "", dataset_id);
}

std::optional<Error> failure_of_load(int dataset_id)
{
    pg::Rows const rows = pg::query_kept({"failure_of_load",
                                          "SELECT error_sqlstate, error_message, error_detail, error_hint"
                                          " FROM datasurface.load WHERE dataset_id = $1 AND failed_at IS NOT NULL",
                                          {dataset_id}});
    if (rows.empty())
        return std::nullopt;
    return Error(rows.text(0, 0), rows.text(0, 1), rows.text(0, 2), rows.text(0, 3));
}

std::optional<Load> join_load(int dataset_id)
{
    return find("join_load", " FOR KEY SHARE SKIP LOCKED", dataset_id);
}

std::optional<Load> take_load(int dataset_id)
{
    return find("take_load", " FOR UPDATE SKIP LOCKED", dataset_id);
}

void save_load(const Load &load)
{
    sqltext::Value timeline;
    if (load.source)
        timeline = load.source->timeline;
    remote::Identity const source = load.source.value_or(remote::Identity());
    pg::execute_kept({"forget_chunks", "DELETE FROM datasurface.load_chunk WHERE dataset_id = $1", {load.dataset_id}});
    pg::execute_kept(
        {"save_load",
         "INSERT INTO datasurface.load AS l (dataset_id, rows_digest, cut_by, null_keys, chunk_rows, begun_at,"
         " source_system, source_timeline, source_lsn)"
         " VALUES ($1, $2, $3, $4, $5, CASE WHEN $6 THEN clock_timestamp() END, $7, $8::integer, $9::pg_lsn)"
         " ON CONFLICT (dataset_id) DO UPDATE SET rows_digest = EXCLUDED.rows_digest, cut_by = EXCLUDED.cut_by,"
         " null_keys = EXCLUDED.null_keys, chunk_rows = EXCLUDED.chunk_rows, begun_at = EXCLUDED.begun_at,"
         " source_system = EXCLUDED.source_system, source_timeline = EXCLUDED.source_timeline,"
         " source_lsn = EXCLUDED.source_lsn, error_sqlstate = NULL, error_message = NULL, error_detail = NULL,"
         " error_hint = NULL, failed_at = NULL, published_at = NULL, chunks = NULL, loaded = NULL, skipped = NULL",
         {load.dataset_id, load.rows_digest,
          load.cut_by ? sqltext::Value(std::string(word(*load.cut_by))) : sqltext::Value(), load.null_keys,
          load.chunk_rows, load.has_begun, sqltext::or_null(source.system_identifier), timeline,
          sqltext::or_null(source.lsn)}});
}

void note_failure(int dataset_id, const Error &error)
{
    pg::execute_kept(
        {"note_failure",
         "UPDATE datasurface.load SET error_sqlstate = $2, error_message = $3, error_detail = $4,"
         " error_hint = $5, failed_at = clock_timestamp() WHERE dataset_id = $1",
         {dataset_id, error.sqlstate, error.message, sqltext::or_null(error.detail), sqltext::or_null(error.hint)}});
}

void forget_failure(int dataset_id)
{
    pg::execute_kept({"forget_failure",
                      "UPDATE datasurface.load SET error_sqlstate = NULL, error_message = NULL, error_detail = NULL,"
                      " error_hint = NULL, failed_at = NULL WHERE dataset_id = $1",
                      {dataset_id}});
}

void forget_load(int dataset_id)
{
    pg::execute_kept({"forget_chunks", "DELETE FROM datasurface.load_chunk WHERE dataset_id = $1", {dataset_id}});
    pg::execute_kept({"forget_load", "DELETE FROM datasurface.load WHERE dataset_id = $1", {dataset_id}});
}

void forget_open_chunks(int dataset_id)
{
    pg::execute_kept({"forget_open_chunks",
                      "DELETE FROM datasurface.load_chunk WHERE dataset_id = $1 AND finished_at IS NULL",
                      {dataset_id}});
    pg::execute_kept({"give_load_up", "UPDATE datasurface.load SET cut_by = NULL WHERE dataset_id = $1", {dataset_id}});
}

void close_load(int dataset_id)
{
    pg::execute_kept({"close_load",
                      "UPDATE datasurface.load SET published_at = clock_timestamp(), chunks = c.chunks,"
                      " loaded = c.loaded, skipped = c.skipped, error_sqlstate = NULL, error_message = NULL,"
                      " error_detail = NULL, error_hint = NULL, failed_at = NULL"
                      " FROM (SELECT count(*)::integer AS chunks, coalesce(sum(loaded), 0)::bigint AS loaded,"
                      " coalesce(sum(skipped), 0)::bigint AS skipped FROM datasurface.load_chunk"
                      " WHERE dataset_id = $1) c WHERE dataset_id = $1",
                      {dataset_id}});
    pg::execute_kept({"forget_chunks", "DELETE FROM datasurface.load_chunk WHERE dataset_id = $1", {dataset_id}});
}

void cut_load(int dataset_id, const NewCuts &cuts)
{
    pg::execute_kept(
        {"first_chunk", "INSERT INTO datasurface.load_chunk (dataset_id, chunk) VALUES ($1, 1)", {dataset_id}});
    cut_chunk(dataset_id, {1, {}, std::nullopt, false}, cuts);
}

// A bound that comes twice cuts once. The new chunks get the next numbers, so sessions that cut take turns.
void cut_chunk(int dataset_id, const Chunk &chunk, const NewCuts &cuts)
{
    pg::execute_kept(
        {"cut_alone", "SELECT FROM datasurface.load WHERE dataset_id = $1 FOR NO KEY UPDATE", {dataset_id}});
    pg::execute_kept(
        {"cut_chunk",
         "WITH bound AS (SELECT (SELECT array_agg(v ORDER BY i) FROM json_array_elements_text(b.value)"
         " WITH ORDINALITY e(v, i)) AS value, b.n FROM json_array_elements($4::json) WITH ORDINALITY b(value, n)"
         " WHERE $5 = 0 OR ((b.n - 1) % nullif($5, 0) = 0 AND b.n > 1 AND b.n < json_array_length($4::json))),"
         " once AS (SELECT value, min(n) AS n FROM bound GROUP BY value),"
         " numbered AS (SELECT value, lead(value) OVER (ORDER BY n) AS next, row_number() OVER (ORDER BY n) AS n"
         " FROM once),"
         " shortened AS (UPDATE datasurface.load_chunk SET"
         " upper_bound = coalesce((SELECT value FROM numbered WHERE n = 1), upper_bound),"
         " expected = $6::bigint, is_exact = $7 WHERE dataset_id = $1 AND chunk = $2)"
         " INSERT INTO datasurface.load_chunk (dataset_id, chunk, lower_bound, upper_bound, expected, is_exact)"
         " SELECT $1, l.last + n.n, n.value, coalesce(n.next, $3::text[]), $6::bigint, $7 FROM numbered n,"
         " (SELECT max(chunk) AS last FROM datasurface.load_chunk WHERE dataset_id = $1) l",
         {dataset_id, chunk.number, bound_or_null(chunk.range.upper), cuts.bounds, cuts.step,
          cuts.expected < 0 ? sqltext::Value() : sqltext::Value(cuts.expected), cuts.is_exact}});
}

std::optional<Chunk> take_chunk(int dataset_id, int at_once)
{
    pg::Rows const rows = pg::query_kept(
        {"take_chunk",
         "WITH taken AS (SELECT chunk, lower_bound, upper_bound, expected, is_exact FROM datasurface.load_chunk c"
         " WHERE dataset_id = $1 AND finished_at IS NULL AND chunk IN (SELECT chunk FROM datasurface.load_chunk"
         " WHERE dataset_id = $1 AND finished_at IS NULL ORDER BY chunk LIMIT $2)"
         " ORDER BY chunk LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)"
         " SELECT t.chunk, t.expected, t.is_exact, b.low, b.high FROM taken t LEFT JOIN LATERAL"
         " ROWS FROM (unnest(t.lower_bound), unnest(t.upper_bound)) WITH ORDINALITY b(low, high, n) ON true ORDER BY b.n",
         {dataset_id, at_once}});
    if (rows.empty())
        return std::nullopt;
    Chunk chunk;
    chunk.number = rows.integer(0, 0);
    if (!rows.is_null(0, 1))
        chunk.expected = rows.bigint(0, 1);
    chunk.is_exact = rows.boolean(0, 2);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (!rows.is_null(row, 3))
            chunk.range.lower.push_back(rows.text(row, 3));
        if (!rows.is_null(row, 4))
            chunk.range.upper.push_back(rows.text(row, 4));
    }
    return chunk;
}

// The lock is given back: with it nobody else could take the chunk.
bool wait_for_chunk(int dataset_id)
{
    (void)pg::rolled_back([&] {
        pg::execute_kept({"wait_for_chunk",
                          "SELECT FROM datasurface.load_chunk WHERE dataset_id = $1 AND finished_at IS NULL"
                          " ORDER BY chunk LIMIT 1 FOR SHARE",
                          {dataset_id}});
    });
    return pg::query_kept(
               {"chunks_are_left",
                "SELECT EXISTS (SELECT FROM datasurface.load_chunk WHERE dataset_id = $1 AND finished_at IS NULL)",
                {dataset_id}})
        .boolean(0, 0);
}

void finish_chunk(int dataset_id, int chunk, const DoneChunk &done)
{
    pg::execute_kept(
        {"finish_chunk",
         "UPDATE datasurface.load_chunk SET loaded = $3, skipped = $4, received_bytes = $5::bigint,"
         " seconds = $6::double precision, finished_at = clock_timestamp()"
         " WHERE dataset_id = $1 AND chunk = $2",
         {dataset_id, chunk, done.loaded, done.skipped, or_null(done.received_bytes), std::to_string(done.seconds)}});
}

} // namespace datasurface::catalog
