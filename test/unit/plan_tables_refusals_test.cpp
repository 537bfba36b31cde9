// What reconcile refuses to touch: tables that are not ours, that were renamed, or that differ from the model.

#include <gtest/gtest.h>

#include "made_tables.hpp"

namespace datasurface::reconcile {

TEST(PlanTables, SaysWhatIsThereInThePlaceOfATable)
{
    Shape const shape = shape::orders();
    Actual actual = made(shape);
    actual.relations.at("orders").kind = 'v';
    EXPECT_EQ(refusal(shape, actual),
              R"(SF004 "sales"."orders" is a view, not the table that ds_reconcile_schema made)");
}

TEST(PlanTables, RefusesATableThatWasRenamed)
{
    auto const without = [](const Shape &shape, const std::string &table) {
        Actual actual = made(shape);
        actual.relations.erase(table);
        return actual;
    };
    auto const refused = [](const std::string &table, const std::string &rest) {
        return "42P01 table \"sales\"." + table + " does not exist, but " + rest + " is there";
    };
    Shape const milestoned = shape::milestoned_orders();
    EXPECT_EQ(refusal(milestoned, without(milestoned, "orders_staging")),
              refused(R"("orders_staging")", R"("sales"."orders_staging_seq")"));
    EXPECT_EQ(refusal(milestoned, without(milestoned, "orders_history")),
              refused(R"("orders_history")", R"("sales"."orders_as_of"(integer))"));

    Actual gone = without(milestoned, "orders_history");
    gone.functions.clear();
    EXPECT_EQ(refusal(milestoned, gone), "nothing");
    EXPECT_EQ(refusal(milestoned, gone, {{RelationKind::view, {"desk", "o"}}}), "nothing")
        << "it shows the merge table";
    EXPECT_EQ(refusal(milestoned, gone, {{RelationKind::full_view, {"desk", "o_full"}}}),
              refused(R"("orders_history")", R"("desk"."o_full")"));
    EXPECT_EQ(refusal(shape::orders(), without(shape::orders(), "orders"), {{RelationKind::view, {"desk", "o"}}}),
              refused(R"("orders")", R"("desk"."o")"));
}

TEST(PlanTables, RefusesWhatItDidNotMake)
{
    for (const auto &[kind, name] : std::vector<std::pair<RelationKind, std::string>>{
             {RelationKind::staging, "orders_staging"},
             {RelationKind::merge, "orders"},
             {RelationKind::history, "orders_history"},
             {RelationKind::index, "orders_history_out_idx"},
             {RelationKind::index, "orders_history_key_idx"},
             {RelationKind::as_of, "orders_as_of"},
         }) {
        Actual actual = made(shape::milestoned_orders());
        actual.ours.erase({kind, name});
        EXPECT_EQ(refusal(shape::milestoned_orders(), actual),
                  "42P07 \"sales\".\"" + name + "\" exists already and was not made by ds_reconcile_schema");
    }
}

TEST(PlanTables, OursOfAnotherKindIsNotOurs)
{
    Actual actual = made(shape::orders());
    actual.ours.erase({RelationKind::merge, "orders"});
    actual.ours[{RelationKind::staging, "orders"}] = {};
    EXPECT_EQ(refusal(shape::orders(), actual).substr(0, 5), "42P07");
}

TEST(PlanTables, RefusesAnotherType)
{
    for (const std::string table : {"orders_staging", "orders", "orders_history"}) {
        Actual actual = made(shape::milestoned_orders());
        actual_column(actual, table, 2).type = "bytea";
        EXPECT_EQ(refusal(shape::milestoned_orders(), actual),
                  "SF004 table \"sales\".\"" + table +
                      "\" differs from the model: column \"note\" is of type bytea, not text");
    }
}

TEST(PlanTables, RefusesAnotherNullability)
{
    Actual actual = made(shape::milestoned_orders());
    actual_column(actual, "orders", 2).not_null = true;
    EXPECT_EQ(refusal(shape::milestoned_orders(), actual),
              R"(SF004 table "sales"."orders" differs from the model: column "note" is NOT NULL)");
    actual = made(shape::milestoned_orders());
    actual_column(actual, "orders_history", 1).not_null = false;
    EXPECT_EQ(refusal(shape::milestoned_orders(), actual),
              R"(SF004 table "sales"."orders_history" differs from the model: column "customer" lacks NOT NULL)");
}

TEST(PlanTables, StagingHasNoConstraints)
{
    Actual actual = made(shape::orders());
    actual_column(actual, "orders_staging", 1).not_null = true;
    EXPECT_EQ(refusal(shape::orders(), actual), "nothing");
}

TEST(PlanTables, RefusesToAddAColumnThatIsNotNullable)
{
    Actual actual = made(shape::orders());
    actual.relations.at("orders").columns.erase(actual.relations.at("orders").columns.begin() + 3);
    EXPECT_EQ(
        refusal(shape::orders(), actual),
        R"(SF004 table "sales"."orders" differs from the model: it lacks column "customer", which is not nullable)");
}

} // namespace datasurface::reconcile
