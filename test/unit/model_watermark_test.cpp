// Watermarks: what is refused, what comes back as it was, and what a change of one leads to.

#include <gtest/gtest.h>

#include "model/duration.hpp"
#include "model_problems.hpp"

namespace datasurface::model {

namespace {

constexpr char place[] = " /stores/0/datasets/0/ingestion";

std::string document_of(const std::string &ingestion)
{
    return with_dataset(R"({"name": "d", "description": "d", "columns": [)" + id_column +
                        R"(], "primary_key": ["id"], "ingestion": {)" + ingestion + "}}");
}

std::string watched(const std::string &members, const std::string &read = R"("from": "erp.t")")
{
    return R"("kind": "sql_watermark", )" + read + R"(, "watermark": {)" + members + "}";
}

// The problems of a dataset with these members of its watermark, without their common place. full_every is given unless they say it.
Lines of(const std::string &members, const std::string &read = R"("from": "erp.t")")
{
    bool const says = members.find("full_every") != std::string::npos;
    Lines lines = all_lines(document_of(watched(members + (says ? "" : R"(, "full_every": "7d")"), read)));
    for (std::string &line : lines)
        line.erase(line.find(place), std::string(place).size());
    return lines;
}

Dataset read(const std::string &members, const std::string &kind = "sql_watermark")
{
    std::string const mark = kind == "sql_watermark" ? R"(,"watermark":{)" + members + "}" : "";
    return dataset_from_json(
        R"({"columns":[{"name":"id","nullable":false,"type":"bigint"}],"ingestion":{"from":"erp.t","kind":")" + kind +
        "\"" + mark + R"(},"name":"d","primary_key":["id"]})");
}

// What is not the same for two datasets.
std::string changed(const Dataset &one, const Dataset &other)
{
    return std::string(behaviour_json(one) == behaviour_json(other) ? "" : "behaviour ") +
           (rows_json(one, "o") == rows_json(other, "o") ? "" : "rows ") +
           (tables_json(one) == tables_json(other) ? "" : "tables ");
}

constexpr char by_time[] = R"("column":"changed","full_every":"7d","overlap":"10min","type":"timestamptz")";

} // namespace

TEST(ModelWatermark, EachTypeHasItsMembers)
{
    for (const char *const members : {
             by_time,
             R"("column": "changed", "type": "timestamptz", "stamped_by": "transaction")",
             R"("column": "changed", "type": "timestamptz", "stamped_by": "transaction", "overlap": "1h")",
             R"("column": "changed", "type": "timestamptz", "overlap": "0", "nulls": "fail", "window": "half_open")",
             R"("column": "changed", "type": "timestamp", "overlap": "90 s", "time_zone": "Europe/Zurich")",
             R"("column": "day", "type": "date", "overlap": "1d", "time_zone": "UTC", "nulls": "ignore")",
             R"("column": "no", "type": "integer", "overlap": 1000)",
             R"("column": "no", "type": "bigint", "overlap": 0, "deleted_when": "gone", "full_every": "1d")",
             R"("type": "xmin")",
         })
        EXPECT_EQ(of(members), Lines{}) << members;
    EXPECT_EQ(of(by_time, R"("query": "SELECT id, changed FROM erp.t")"), Lines{});
}

TEST(ModelWatermark, AnOverlapIsNeededUnlessTransactionsStampTheRows)
{
    EXPECT_EQ(of(R"("column": "c", "type": "timestamptz")"), Lines{"error/watermark missing_overlap"});
    EXPECT_EQ(of(R"("column": "c", "type": "timestamptz", "stamped_by": "application")"),
              Lines{"error/watermark missing_overlap"});
    EXPECT_EQ(of(R"("column": "c", "type": "bigint")"), Lines{"error/watermark missing_overlap"});
    EXPECT_EQ(of(R"("column": "c", "type": "date", "time_zone": "UTC")"), Lines{"error/watermark missing_overlap"});
    // what could not be read may have been right
    EXPECT_EQ(of(R"("column": "c", "type": "timestamptz", "stamped_by": "transactions")"),
              Lines{"error/watermark/stamped_by unknown_word"});
    EXPECT_EQ(of(R"("column": "c", "type": "bigint", "overlap": null)"), Lines{"error/watermark/overlap wrong_type"});
}

TEST(ModelWatermark, AnOverlapHasTheUnitOfItsType)
{
    for (const char *const overlap : {"10", "\"10\"", "\"10 minutes\"", "\"-1s\"", "\"\""})
        EXPECT_EQ(of(R"("column": "c", "type": "timestamptz", "overlap": )" + std::string(overlap)),
                  Lines{"error/watermark/overlap invalid_overlap"})
            << overlap;
    for (const char *const overlap : {"1.5", "true", "null", "[]"})
        EXPECT_EQ(of(R"("column": "c", "type": "bigint", "overlap": )" + std::string(overlap)),
                  Lines{"error/watermark/overlap wrong_type"})
            << overlap;
    for (const char *const overlap : {"\"10min\"", "-1", "\"1.5\"", "1e3", "\"\"", "1234567890123456789"})
        EXPECT_EQ(of(R"("column": "c", "type": "bigint", "overlap": )" + std::string(overlap)),
                  Lines{"error/watermark/overlap invalid_overlap"})
            << overlap;
}

TEST(ModelWatermark, OnlyTimestamptzIsStampedByTransactions)
{
    for (const char *const type : {"integer", "bigint"})
        EXPECT_EQ(of(R"("column": "c", "overlap": 5, "stamped_by": "transaction", "type": ")" + std::string(type) +
                     "\""),
                  Lines{"error/watermark/stamped_by stamped_by_transaction"});
    for (const char *const type : {"date", "timestamp"})
        EXPECT_EQ(of(R"("column": "c", "time_zone": "UTC", "overlap": "1h", "stamped_by": "transaction", "type": ")" +
                     std::string(type) + "\""),
                  Lines{"error/watermark/stamped_by stamped_by_transaction"});
}

TEST(ModelWatermark, ATimeZoneBelongsToTypesWithoutOne)
{
    EXPECT_EQ(of(R"("column": "c", "overlap": "1h", "type": "timestamp")"), Lines{"error/watermark missing_member"});
    EXPECT_EQ(of(R"("column": "c", "overlap": "1h", "type": "date")"), Lines{"error/watermark missing_member"});
    EXPECT_EQ(of(R"("column": "c", "overlap": "1h", "type": "timestamptz", "time_zone": "UTC")"),
              Lines{"error/watermark/time_zone unexpected_member"});
    EXPECT_EQ(of(R"("column": "c", "overlap": 1, "type": "bigint", "time_zone": "UTC")"),
              Lines{"error/watermark/time_zone unexpected_member"});
}

TEST(ModelWatermark, XminHasNothingElse)
{
    for (const char *const member : {"column", "overlap", "time_zone", "nulls", "window", "stamped_by"}) {
        std::string const value = std::string(member) == "nulls"        ? "always"
                                  : std::string(member) == "window"     ? "closed"
                                  : std::string(member) == "stamped_by" ? "transaction"
                                                                        : "1";
        EXPECT_EQ(of(R"("type": "xmin", ")" + std::string(member) + R"(": ")" + value + "\""),
                  Lines{"error/watermark/" + std::string(member) + " unexpected_member"});
    }
    EXPECT_EQ(of(R"("type": "xmin")", R"("query": "SELECT id FROM erp.t")"), Lines{"error xmin_of_query"});
}

TEST(ModelWatermark, ItBelongsToItsKindAndTheKindHasOne)
{
    auto const lines_of = [](const std::string &ingestion) { return all_lines(document_of(ingestion)); };
    std::string const mark = R"("watermark": {)" + std::string(by_time) + "}";
    EXPECT_EQ(lines_of(R"("kind": "sql_watermark", "from": "erp.t")"),
              Lines{"error" + std::string(place) + " missing_member"});
    EXPECT_EQ(lines_of(R"("kind": "sql_watermark", )" + mark), Lines{"error" + std::string(place) + " missing_member"});
    for (const char *const other : {R"("kind": "push", )", R"("kind": "sql_snapshot", "from": "erp.t", )"}) {
        EXPECT_EQ(lines_of(other + mark), Lines{"error" + std::string(place) + "/watermark unexpected_watermark"});
        EXPECT_EQ(lines_of(other + std::string(R"("watermark": {"type": "xmin", "full_every": "1d"})")),
                  Lines{"error" + std::string(place) + "/watermark unexpected_watermark"});
    }
    EXPECT_EQ(of(R"("type": "bigint", "overlap": 1)"), Lines{"error/watermark missing_member"});
    EXPECT_EQ(of(R"("column": "c", "overlap": 1)"), Lines{"error/watermark missing_member"});
}

TEST(ModelWatermark, DeletesAreSeenByOneOfTwoMembers)
{
    auto const of_members = [](const std::string &members) {
        return all_lines(document_of(watched(R"("column": "c", "type": "bigint", "overlap": 1)" + members)));
    };
    EXPECT_EQ(of_members(""), Lines{"warning" + std::string(place) + "/watermark deletes_unseen"});
    EXPECT_EQ(of_members(R"(, "deleted_when": "gone")"), Lines{});
    EXPECT_EQ(of_members(R"(, "full_every": "12h")"), Lines{});
    for (const char *const length : {"7", "0", "0s", "7 days", "-7d", "1.5d"})
        EXPECT_EQ(of_members(R"(, "full_every": ")" + std::string(length) + "\""),
                  Lines{"error" + std::string(place) + "/watermark/full_every invalid_duration"})
            << length;
    EXPECT_EQ(of_members(R"(, "full_every": " ")"),
              Lines{"error" + std::string(place) + "/watermark/full_every empty_duration"});
    EXPECT_EQ(of_members(R"(, "deleted_when": " ")"),
              Lines{"error" + std::string(place) + "/watermark/deleted_when empty_condition"});
}

TEST(ModelWatermark, ComesBackAsItWas)
{
    for (
        const char *const members : {
            R"("column":"changed","deleted_when":"state = 'gone'","full_every":"7d","nulls":"ignore","overlap":"10min",)"
            R"("stamped_by":"transaction","type":"timestamptz","window":"half_open")",
            R"("column":"day","nulls":"fail","overlap":"1d","stamped_by":"application","time_zone":"UTC","type":"date",)"
            R"("window":"closed")",
            R"("deleted_when":"gone","full_every":"12h","type":"xmin")",
        }) {
        std::string const text = to_json(read(members));
        EXPECT_NE(text.find(R"("watermark":{)" + std::string(members) + "}"), std::string::npos) << text;
        EXPECT_EQ(to_json(dataset_from_json(text)), text);
    }
    Dataset const number = read(R"("column":"no","overlap":1000,"type":"bigint")");
    EXPECT_EQ(overlap_of(*number.watermark), 1000);
    EXPECT_EQ(overlap_of(*dataset_from_json(to_json(number)).watermark), 1000);
}

// What another model leads to: rows that are staged are outdated by a change of the behaviour, marks are forgotten by one of the rows,
// and ds_reconcile_schema is needed by one of the tables.
TEST(ModelWatermark, WhatAChangeIsAChangeOf)
{
    Dataset const before = read(by_time);
    auto const by = [&](const std::string &more, std::string members = by_time) {
        return changed(before, read(members + more));
    };
    EXPECT_EQ(by(R"(,"nulls":"always","window":"closed","stamped_by":"application")"), "");
    EXPECT_EQ(by(R"(,"nulls":"ignore")"), "behaviour ");
    EXPECT_EQ(by(R"(,"window":"half_open")"), "behaviour ");
    EXPECT_EQ(by("", R"("column":"changed","full_every":"7d","overlap":"1h","type":"timestamptz")"), "behaviour ");
    EXPECT_EQ(by("", R"("column":"changed","full_every":"1d","overlap":"10min","type":"timestamptz")"), "behaviour ");
    EXPECT_EQ(by(R"(,"stamped_by":"transaction")"), "behaviour rows "); // a mark by the clock has waited for nobody
    // an overlap stands for sessions that cannot be seen
    std::string const exact = R"("column":"changed","stamped_by":"transaction","type":"timestamptz")";
    std::string const covered = R"("column":"changed","overlap":"1h","stamped_by":"transaction","type":"timestamptz")";
    std::string const covered_less =
        R"("column":"changed","overlap":"1s","stamped_by":"transaction","type":"timestamptz")";
    EXPECT_EQ(changed(read(covered), read(exact)), "behaviour rows ");
    EXPECT_EQ(changed(read(covered), read(covered_less)), "behaviour ");
    EXPECT_EQ(by("", R"("column":"created","full_every":"7d","overlap":"10min","type":"timestamptz")"),
              "behaviour rows ");
    EXPECT_EQ(by(R"(,"time_zone":"UTC")",
                 R"("column":"changed","full_every":"7d","overlap":"10min","type":"timestamp")"),
              "behaviour rows ");
    EXPECT_EQ(by(R"(,"deleted_when":"gone")"), "behaviour rows tables ");
    EXPECT_EQ(changed(before, read("", "sql_snapshot")), "behaviour rows ");
    EXPECT_EQ(changed(read("", "sql_snapshot"), read(R"("deleted_when":"gone","type":"xmin")")),
              "behaviour rows tables ");
    EXPECT_TRUE(stages_deletes(read(R"("deleted_when":"gone","type":"xmin")")));
    EXPECT_FALSE(stages_deletes(before));
}

TEST(ModelWatermark, MarksAreOfTheRowsThatTheModelAsksFor)
{
    Dataset const before = read(by_time);
    Dataset other = before;
    other.milestoning = Milestoning::milestoned;
    other.description = "another";
    other.columns[0].description = "another";
    EXPECT_EQ(rows_json(before, "o"), rows_json(other, "o"));
    other.columns.push_back(before.columns[0]);
    EXPECT_NE(rows_json(before, "o"), rows_json(other, "o"));
    other = before;
    other.primary_key = {"id", "name"};
    EXPECT_NE(rows_json(before, "o"), rows_json(other, "o"));
    Source source;
    source.host = "db1";
    source.database = "erp";
    EXPECT_NE(rows_json(before, "o"), rows_json(before, "p")) << "another owner may see other rows";
    EXPECT_NE(rows_json(before, "o"), rows_json(before, "o", &source));
    Source moved = source;
    moved.host = "db2";
    EXPECT_NE(rows_json(before, "o", &source), rows_json(before, "o", &moved));
    moved = source;
    moved.connections = 4;
    EXPECT_EQ(rows_json(before, "o", &source), rows_json(before, "o", &moved));
}

TEST(ModelWatermark, LengthsOfTime)
{
    std::pair<const char *, std::int64_t> const lengths[] = {
        {"0", 0},
        {"0d", 0},
        {"250ms", 250},
        {"90s", 90'000},
        {"90 s", 90'000},
        {"10min", 600'000},
        {"12h", 43'200'000},
        {"7d", 604'800'000},
        {"1000000d", longest_duration},
        {"1000001d", longest_duration},
        {"99999999999999999999d", longest_duration},
    };
    for (const auto &[text, length] : lengths)
        EXPECT_EQ(milliseconds(text), length) << text;
    for (const char *const text : {"", " ", "7", "d", "7 days", "7D", "-7d", "1.5h", "7d ", " 7d", "7min30s", "1w"})
        EXPECT_EQ(milliseconds(text), std::nullopt) << text;
    EXPECT_EQ(overlap_of(*read(by_time).watermark), 600'000'000); // microseconds
    EXPECT_EQ(full_every(*read(by_time).watermark), 604'800'000);
    EXPECT_EQ(full_every(*read(R"("type":"xmin")").watermark), 0);
}

} // namespace datasurface::model
