#include "catalog/watermark.hpp"

#include "pg/spi.hpp"

namespace datasurface::catalog {

std::unordered_map<int, ingest::LastMark> last_marks(const std::vector<int> &dataset_ids)
{
    std::vector<std::string> ids;
    for (int const id : dataset_ids)
        ids.push_back(std::to_string(id));
    pg::Rows const rows =
        pg::query_kept({"last_marks",
                        "SELECT dataset_id, mark, next_whole,"
                        " (extract(epoch FROM clock_timestamp() - whole_at) * 1000)::bigint"
                        " FROM datasurface.watermark WHERE dataset_id IN (SELECT unnest($1::integer[]))",
                        {sqltext::array_literal(ids)}});
    std::unordered_map<int, ingest::LastMark> marks;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        ingest::LastMark &last = marks[rows.integer(row, 0)];
        if (!rows.is_null(row, 1))
            last.mark = rows.bigint(row, 1);
        last.next_whole = rows.text(row, 2);
        if (!rows.is_null(row, 3))
            last.seconds_since_whole = static_cast<double>(rows.bigint(row, 3)) / 1000;
    }
    return marks;
}

void save_mark(int dataset_id, const NewMark &mark, const std::string &read_at, std::int64_t rows,
               std::int64_t unchanged)
{
    sqltext::Value value;
    if (mark.mark)
        value = *mark.mark;
    pg::execute_kept(
        {"save_mark",
         "UPDATE datasurface.watermark SET"
         " advanced_at = CASE WHEN mark IS DISTINCT FROM $2::bigint THEN clock_timestamp() ELSE advanced_at END,"
         " mark = $2::bigint, held_by = $3,"
         " next_whole = CASE WHEN $4::text IS NULL OR asked_at > $7::timestamptz THEN next_whole END,"
         " whole_at = CASE WHEN $4::text IS NULL THEN whole_at ELSE clock_timestamp() END,"
         " why_whole = coalesce($4::text, why_whole),"
         " window_rows = CASE WHEN $4::text IS NULL THEN $5 END, reread = CASE WHEN $4::text IS NULL THEN $6 END"
         " WHERE dataset_id = $1",
         {dataset_id, value, sqltext::or_null(mark.held_by), sqltext::or_null(mark.why_whole), rows, unchanged,
          sqltext::or_null(read_at)}});
}

void keep_mark(int dataset_id, const std::string &rows_digest)
{
    pg::execute_kept(
        {"keep_mark",
         "INSERT INTO datasurface.watermark AS w (dataset_id, rows_digest) VALUES ($1, $2)"
         " ON CONFLICT (dataset_id) DO UPDATE SET rows_digest = EXCLUDED.rows_digest, mark = NULL,"
         " next_whole = 'the model has changed', asked_at = clock_timestamp() WHERE w.rows_digest <> EXCLUDED.rows_digest",
         {dataset_id, rows_digest}});
}

void forget_mark(int dataset_id)
{
    pg::execute_kept({"forget_mark", "DELETE FROM datasurface.watermark WHERE dataset_id = $1", {dataset_id}});
}

void require_whole(int dataset_id, const std::string &why)
{
    pg::execute_kept(
        {"require_whole",
         "UPDATE datasurface.watermark SET next_whole = $2, asked_at = clock_timestamp() WHERE dataset_id = $1",
         {dataset_id, why}});
}

} // namespace datasurface::catalog
