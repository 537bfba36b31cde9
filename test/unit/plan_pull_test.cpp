// The SELECT that gives the rows of a dataset.

#include <gtest/gtest.h>

#include "ingest/plan_pull.hpp"

namespace datasurface::ingest {

namespace {

model::Column column(const std::string &name, const std::string &from = "")
{
    model::Column made;
    made.name = name;
    if (!from.empty())
        made.from = std::make_shared<std::string>(from);
    return made;
}

model::Dataset read_from(const std::string &filter, model::MatchColumns match = model::MatchColumns::subset)
{
    model::Dataset dataset;
    dataset.ingestion = model::Ingestion::sql_snapshot;
    dataset.columns = {column("id", "Cust \"No\""), column("name")};
    dataset.from = std::make_shared<model::From>(model::From{{"Erp", "customers"}, filter, match});
    return dataset;
}

constexpr char head[] = R"(SELECT "Cust ""No""" AS "id", "name" FROM "Erp"."customers")";

} // namespace

TEST(PlanPull, AQueryIsItself)
{
    model::Dataset dataset;
    dataset.query = "SELECT 1 AS id";
    EXPECT_EQ(plan_pull(dataset).select, "SELECT 1 AS id");
    EXPECT_EQ(plan_pull(dataset).exact, nullptr);
}

TEST(PlanPull, ATableIsReadUnderTheNamesOfTheDataset)
{
    Pull const pull = plan_pull(read_from(""));
    EXPECT_EQ(pull.select, head);
    EXPECT_EQ(pull.filter_at, 0u);
    EXPECT_EQ(pull.exact, nullptr);
}

// A comment in it ends with it.
TEST(PlanPull, AFilterStaysInItsParentheses)
{
    Pull const pull = plan_pull(read_from("region = 'EU' -- of them"));
    EXPECT_EQ(pull.select, std::string(head) + " WHERE (region = 'EU' -- of them\n)");
    EXPECT_EQ(pull.select.substr(pull.filter_at, 6), "region");
}

TEST(PlanPull, AnExactTableHasNoOtherColumns)
{
    Pull const pull = plan_pull(read_from("", model::MatchColumns::exact));
    ASSERT_NE(pull.exact, nullptr);
    EXPECT_EQ(pull.exact->select, R"(SELECT * FROM "Erp"."customers")");
    EXPECT_EQ(surplus_columns(*pull.exact, {"name", "Cust \"No\""}), std::vector<std::string>{});
    EXPECT_EQ(surplus_columns(*pull.exact, {"id", "name", "Cust \"No\""}), std::vector<std::string>{"id"});
}

} // namespace datasurface::ingest
