#include "catalog/finding.hpp"

#include "pg/spi.hpp"

namespace datasurface::catalog {

namespace {

std::string_view action_word(model::Action action)
{
    return action == model::Action::off ? "near" : model::word(action);
}

std::string word(Decision decision)
{
    constexpr const char *words[] = {"release", "discard", "replace"};
    return words[static_cast<int>(decision)];
}

} // namespace

std::string_view word(RuleKind kind)
{
    constexpr std::string_view words[] = {"brake", "check", "reference", "release", "source"};
    return words[static_cast<int>(kind)];
}

std::vector<Finding> findings_of(const Batch &batch)
{
    pg::Rows const rows =
        pg::query_kept({"findings",
                        "SELECT dataset_id, kind, rule, action, count, total, threshold, keys,"
                        " message FROM datasurface.batch_finding WHERE stream_id = $1 AND batch_id = $2",
                        {batch.stream_id, batch.id}});
    std::vector<Finding> findings;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        Finding finding;
        finding.dataset_id = rows.integer(row, 0);
        for (RuleKind const kind :
             {RuleKind::brake, RuleKind::check, RuleKind::reference, RuleKind::release, RuleKind::source})
            if (word(kind) == rows.text(row, 1))
                finding.kind = kind;
        finding.rule = rows.text(row, 2);
        for (model::Action const action :
             {model::Action::off, model::Action::warn, model::Action::hold, model::Action::fail})
            if (action_word(action) == rows.text(row, 3))
                finding.action = action;
        finding.count = rows.bigint(row, 4);
        if (!rows.is_null(row, 5))
            finding.total = rows.bigint(row, 5);
        finding.threshold = rows.text(row, 6);
        finding.keys = rows.text(row, 7);
        finding.message = rows.text(row, 8);
        findings.push_back(std::move(finding));
    }
    return findings;
}

void save_findings(const Batch &batch, const std::vector<Finding> &findings)
{
    pg::execute_kept({"forget_findings",
                      "DELETE FROM datasurface.batch_finding WHERE stream_id = $1 AND batch_id = $2",
                      {batch.stream_id, batch.id}});
    for (const Finding &finding : findings)
        pg::execute_kept({"save_finding",
                          "INSERT INTO datasurface.batch_finding (stream_id, batch_id, dataset_id, kind, rule, action,"
                          " count, total, threshold, keys, message)"
                          " VALUES ($1, $2, $3, $4, $5, $6, $7, $8::bigint, $9, $10, $11)",
                          {batch.stream_id, batch.id, finding.dataset_id, std::string(word(finding.kind)), finding.rule,
                           std::string(action_word(finding.action)), finding.count,
                           finding.total ? sqltext::Value(*finding.total) : sqltext::Value(),
                           sqltext::or_null(finding.threshold), sqltext::or_null(finding.keys), finding.message}});
}

std::string held_because(const std::string &stream, int batch)
{
    return pg::query_kept({"held_because",
                           "SELECT held_because FROM datasurface.batches WHERE stream = $1 AND batch = $2",
                           {stream, batch}})
        .text(0, 0);
}

void save_decision(const Batch &batch, Decision decision, const std::string &outcome, const std::string &decided_by,
                   const std::string &reason)
{
    pg::execute_kept({"save_decision",
                      "INSERT INTO datasurface.batch_decision (stream_id, batch_id, decided_at, decision, outcome,"
                      " decided_by, reason) VALUES ($1, $2, clock_timestamp(), $3, $4, $5, $6)",
                      {batch.stream_id, batch.id, word(decision), outcome, decided_by, reason}});
}

std::optional<Decided> newest_decision(int stream_id, int batch_id)
{
    pg::Rows const rows =
        pg::query_kept({"newest_decision",
                        "SELECT decision, outcome, decided_by, decided_at, reason FROM datasurface.batch_decision"
                        " WHERE stream_id = $1 AND batch_id = $2 ORDER BY decided_at DESC LIMIT 1",
                        {stream_id, batch_id}});
    if (rows.empty())
        return std::nullopt;
    return Decided{rows.text(0, 0), rows.text(0, 1), rows.text(0, 2), rows.text(0, 3), rows.text(0, 4)};
}

std::optional<double> usual_rows(int stream_id, int dataset_id)
{
    pg::Rows const rows = pg::query_kept(
        {"usual_rows",
         "SELECT avg(x.staged)::float8 FROM (SELECT d.staged FROM datasurface.batch_dataset d"
         " JOIN datasurface.batch b USING (stream_id, batch_id) WHERE d.stream_id = $1"
         " AND d.dataset_id = $2 AND b.state = 'committed' AND d.mode = 'snapshot' ORDER BY d.batch_id DESC LIMIT 5) x",
         {stream_id, dataset_id}});
    if (rows.is_null(0, 0))
        return std::nullopt;
    return std::stod(rows.text(0, 0));
}

} // namespace datasurface::catalog
