#include "allocation.hpp"
#include "sqltext/sqltext.hpp"

#include <set>

#include <gtest/gtest.h>

namespace datasurface::sqltext {

TEST(Sqltext, IdentifiersAreAlwaysQuoted)
{
    EXPECT_EQ(identifier("orders"), R"("orders")");
    EXPECT_EQ(identifier("select"), R"("select")");
    EXPECT_EQ(identifier(""), R"("")");
}

TEST(Sqltext, AQuoteInAnIdentifierCannotEndIt)
{
    EXPECT_EQ(identifier(R"(a"b)"), R"("a""b")");
    EXPECT_EQ(identifier(R"("; DROP TABLE x; --)"), R"("""; DROP TABLE x; --")");
    EXPECT_EQ(identifier(R"(")"), R"("""")");
}

TEST(Sqltext, IdentifiersKeepOtherCharacters)
{
    EXPECT_EQ(identifier("größe\n\\n'"), "\"größe\n\\n'\"");
}

TEST(Sqltext, AQualifiedNameQuotesBothParts)
{
    EXPECT_EQ((Qualified{"my.schema", R"(t"1)"}.sql()), R"("my.schema"."t""1")");
}

TEST(Sqltext, QualifiedNamesAreOrderedAndEqualByBothParts)
{
    std::set<Qualified> const names = {{"a", "b"}, {"a", "c"}, {"a", "b"}, {"b", "b"}};
    EXPECT_EQ(names.size(), 3u);
    EXPECT_EQ(names.begin()->name, "b");
}

TEST(Sqltext, AQuoteInALiteralCannotEndIt)
{
    EXPECT_EQ(literal("it's"), "'it''s'");
    EXPECT_EQ(literal("'; DROP TABLE x; --"), "'''; DROP TABLE x; --'");
    EXPECT_EQ(literal(""), "''");
}

TEST(Sqltext, BackslashesAreRightUnderBothSettingsOfStandardConformingStrings)
{
    EXPECT_EQ(literal(R"(a\b)"), R"(E'a\\b')");
    EXPECT_EQ(literal(R"(\')"), R"(E'\\''')");
}

TEST(Sqltext, JoinPutsTheSeparatorBetweenOnly)
{
    EXPECT_EQ(join({}, ", "), "");
    EXPECT_EQ(join({"a"}, ", "), "a");
    EXPECT_EQ(join({"a", "b", "c"}, ", "), "a, b, c");
}

TEST(Sqltext, JoinKeepsEmptyParts)
{
    EXPECT_EQ(join({"a", "", ""}, ","), "a,,");
}

TEST(Value, ThatCannotBeCopiedIsBadAllocAndNoCrash)
{
    std::vector<Value> const values = {1, std::string(100, 'x'), {}};
    for (long n = 1; n <= 2; ++n) {
        bool thrown = false;
        allocation::fail_at(n);
        try {
            std::vector<Value> const copy = values;
        } catch (const std::bad_alloc &) {
            thrown = true;
        }
        allocation::fail_at(0);
        EXPECT_TRUE(thrown) << n;
    }
}

} // namespace datasurface::sqltext
