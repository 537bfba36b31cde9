// Names that fit, and shapes: columns, their order, and what a dataset says of its tables.

#include <set>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "shape/tables.hpp"

namespace datasurface::shape {

namespace {

model::Dataset orders_dataset()
{
    model::Dataset dataset;
    dataset.name = "orders";
    dataset.description = "orders of the shop";
    dataset.columns = {{"note", "text", "a remark", true}, {"id", "bigint", "", true}, {"line", "integer", "", false}};
    dataset.primary_key = {"id", "line"};
    return dataset;
}

model::Store sales_store(const model::Dataset &dataset)
{
    model::Store store;
    store.name = "sales";
    store.schema = "sales_data";
    store.owner = "sales_owner";
    store.datasets = {dataset};
    return store;
}

Shape make(const model::Dataset &dataset)
{
    return make_shape(sales_store(dataset), dataset, {{"text", {}}, {"bigint", {}}, {"integer", {}}});
}

bool is_utf8(const std::string &text)
{
    std::size_t continuing = 0;
    for (unsigned char const byte : text) {
        bool const continuation = (byte & 0xC0) == 0x80;
        if (continuation != (continuing > 0))
            return false;
        continuing = continuation ? continuing - 1 : byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0;
    }
    return continuing == 0;
}

} // namespace

TEST(PhysicalName, WhatFitsStaysAsItIs)
{
    EXPECT_EQ(physical_name("orders", ""), "orders");
    EXPECT_EQ(physical_name("orders", "_staging"), "orders_staging");
    std::string const longest(63, 'a');
    EXPECT_EQ(physical_name(longest, ""), longest);
    EXPECT_EQ(physical_name(std::string(55, 'a'), "_staging"), std::string(55, 'a') + "_staging");
}

TEST(PhysicalName, WhatIsTooLongIsCutAndKeepsItsSuffix)
{
    std::string const name = physical_name(std::string(56, 'a'), "_staging");
    EXPECT_EQ(name.size(), 63u);
    EXPECT_EQ(name.substr(0, 46), std::string(46, 'a'));
    EXPECT_EQ(name[46], '_');
    EXPECT_EQ(name.find_first_not_of("0123456789abcdef", 47), 55u);
    EXPECT_EQ(name.substr(55), "_staging");
    EXPECT_EQ(physical_name(std::string(64, 'a'), "").size(), 63u);
}

// A name, once made, is that of a table with data: it may never change.
TEST(PhysicalName, IsTheSameForEver)
{
    EXPECT_EQ(physical_name("a_rather_long_name_of_a_dataset_that_somebody_thought_of_one_day", ""),
              "a_rather_long_name_of_a_dataset_that_somebody_thought__34814051");
    EXPECT_EQ(physical_name("a_rather_long_name_of_a_dataset_that_somebody_thought_of_one_day", "_history_key_idx"),
              "a_rather_long_name_of_a_dataset_that_s_34814051_history_key_idx");
}

TEST(PhysicalName, LongNamesThatDifferStayDistinct)
{
    std::set<std::string> names;
    for (int i = 0; i < 1000; ++i)
        names.insert(physical_name(std::string(70, 'a') + std::to_string(i), "_staging"));
    EXPECT_EQ(names.size(), 1000u);
}

TEST(PhysicalName, IsNeverCutInsideACharacter)
{
    for (const std::string character : {"\xC3\xBC", "\xE4\xB8\xAD", "\xF0\x9F\x90\x98"})
        for (std::size_t shift = 0; shift < 4; ++shift) {
            std::string base(shift, 'a');
            while (base.size() < 100)
                base += character;
            std::string const name = physical_name(base, "_staging");
            EXPECT_TRUE(is_utf8(name)) << name;
            EXPECT_LE(name.size(), 63u);
            EXPECT_GT(name.size(), 63u - character.size());
        }
}

TEST(Names, AreThoseOfTheDocumentation)
{
    Names const n = names("sales", "orders");
    EXPECT_EQ(n.staging.sql(), R"("sales"."orders_staging")");
    EXPECT_EQ(n.staging_sequence.sql(), R"("sales"."orders_staging_seq")");
    EXPECT_EQ(n.merge.sql(), R"("sales"."orders")");
    EXPECT_EQ(n.merge_key.sql(), R"("sales"."orders_pkey")");
    EXPECT_EQ(n.history.sql(), R"("sales"."orders_history")");
    EXPECT_EQ(n.history_out_index.sql(), R"("sales"."orders_history_out_idx")");
    EXPECT_EQ(n.history_key_index.sql(), R"("sales"."orders_history_key_idx")");
    EXPECT_EQ(n.as_of.sql(), R"("sales"."orders_as_of")");
    ViewNames const views = view_names("analytics", "orders");
    EXPECT_EQ(views.current.sql(), R"("analytics"."orders")");
    EXPECT_EQ(views.full.sql(), R"("analytics"."orders_full")");
}

TEST(Names, OfALongDatasetAreDistinct)
{
    Names const n = names("s", std::string(63, 'x'));
    std::set<std::string> const all =
        {n.staging.name,           n.staging_sequence.name,  n.merge.name, n.merge_key.name, n.history.name,
         n.history_out_index.name, n.history_key_index.name, n.as_of.name};
    EXPECT_EQ(all.size(), 8u);
}

TEST(StreamName, IsTheStoreOrTheStoreAndTheDataset)
{
    model::Dataset const dataset = orders_dataset();
    model::Store store = sales_store(dataset);
    store.consistency = model::Consistency::multi;
    EXPECT_EQ(stream_name(store, dataset), "sales");
    store.consistency = model::Consistency::single;
    EXPECT_EQ(stream_name(store, dataset), "sales#orders");
}

TEST(MakeShape, TakesWhatTheDatasetSays)
{
    model::Dataset dataset = orders_dataset();
    dataset.fillfactor = 70;
    dataset.history_key_index = false;
    dataset.milestoning = model::Milestoning::milestoned;
    dataset.duplicate_keys = model::DuplicateKeys::last;
    Shape const shape = make(dataset);
    EXPECT_EQ(shape.store, "sales");
    EXPECT_EQ(shape.dataset, "orders");
    EXPECT_EQ(shape.owner, "sales_owner");
    EXPECT_EQ(shape.names.merge.sql(), R"("sales_data"."orders")");
    EXPECT_EQ(shape.primary_key, (std::vector<std::string>{"id", "line"}));
    EXPECT_EQ(shape.fillfactor, 70);
    EXPECT_EQ(shape.description, "orders of the shop");
    EXPECT_TRUE(shape.milestoned);
    EXPECT_EQ(shape.duplicate_keys, model::DuplicateKeys::last);
    EXPECT_FALSE(shape.history_key_index);
    Shape const plain = make(orders_dataset());
    EXPECT_FALSE(plain.milestoned);
    EXPECT_EQ(plain.duplicate_keys, model::DuplicateKeys::error);
    EXPECT_TRUE(plain.history_key_index);
}

TEST(MakeShape, LogsStagingThatOthersWriteTo)
{
    model::Dataset dataset = orders_dataset();
    dataset.ingestion = model::Ingestion::push;
    EXPECT_TRUE(make(dataset).staging_logged);
    dataset.ingestion = model::Ingestion::sql_snapshot;
    EXPECT_FALSE(make(dataset).staging_logged);
}

TEST(MakeShape, KeyColumnsAreNeverNullable)
{
    Shape const shape = make(orders_dataset());
    ASSERT_EQ(shape.column_names(), (std::vector<std::string>{"note", "id", "line"}));
    EXPECT_TRUE(shape.column("note").nullable);
    EXPECT_FALSE(shape.column("note").key);
    EXPECT_EQ(shape.column("note").description, "a remark");
    EXPECT_EQ(shape.column("note").type.name, "text");
    EXPECT_FALSE(shape.column("id").nullable);
    EXPECT_TRUE(shape.column("id").key);
    EXPECT_EQ(shape.column("id").type.name, "bigint");
    EXPECT_FALSE(shape.column("line").nullable);
}

TEST(MakeShape, AColumnThatIsNotThereIsAnErrorOfOurs)
{
    Shape const shape = make(orders_dataset());
    try {
        (void)shape.column("nothing");
        FAIL();
    } catch (const Error &error) {
        EXPECT_EQ(error.sqlstate, "XX000");
        EXPECT_EQ(error.message, R"(dataset "orders" has no column "nothing")");
    }
}

TEST(OrderColumns, ExistingOnesKeepTheirPlaceAndNewOnesComeLast)
{
    Shape shape = make(orders_dataset());
    order_columns(shape, {"ds_surf_batch_in", "ds_surf_batch_out", "line", "gone", "id"});
    EXPECT_EQ(shape.column_names(), (std::vector<std::string>{"line", "id", "note"}));
    order_columns(shape, {});
    EXPECT_EQ(shape.column_names(), (std::vector<std::string>{"line", "id", "note"}));
}

TEST(OrderColumns, NewOnesKeepTheOrderOfTheModel)
{
    Shape shape = make(orders_dataset());
    order_columns(shape, {"line"});
    EXPECT_EQ(shape.column_names(), (std::vector<std::string>{"line", "note", "id"}));
}

} // namespace datasurface::shape
