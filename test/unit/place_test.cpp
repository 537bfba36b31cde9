#include "sqltext/place.hpp"

#include <gtest/gtest.h>

namespace datasurface::sqltext {

namespace {

std::string words(std::string_view text, int position)
{
    return in_words(place_of(text, position));
}

} // namespace

TEST(Place, CountsLinesAndCharactersFromOne)
{
    EXPECT_EQ(words("SELECT a", 1), R"(line 1, column 1, at "SELECT")");
    EXPECT_EQ(words("SELECT a\n  FROM t", 12), R"(line 2, column 3, at "FROM")");
}

TEST(Place, CountsCharactersAndNotBytes)
{
    EXPECT_EQ(words("'ä€𝄞' größe x", 7), R"(line 1, column 7, at "größe")");
    EXPECT_EQ(words("ä\nö x", 5), R"(line 2, column 3, at "x")");
}

TEST(Place, TheEndIsNoWord)
{
    EXPECT_EQ(words("SELECT", 7), "line 1, column 7, at its end");
    EXPECT_EQ(words("SELECT\n", 8), "line 2, column 1, at its end");
    EXPECT_EQ(words("", 1), "line 1, column 1, at its end");
    EXPECT_EQ(words("a", 99), "line 1, column 2, at its end");
}

TEST(Place, AWordEndsBeforePunctuation)
{
    EXPECT_EQ(place_of("f(a, b)", 1).piece, "f");
    EXPECT_EQ(place_of("f(a, b)", 2).piece, "(a");
    EXPECT_EQ(place_of("f(a, b)", 3).piece, "a");
    EXPECT_EQ(place_of("f(a, b)", 7).piece, ")");
    EXPECT_EQ(place_of("erp.t WHERE", 1).piece, "erp.t");
}

TEST(Place, AQuotedWordEndsWithItsQuote)
{
    EXPECT_EQ(place_of(R"("my table" x)", 1).piece, R"("my table")");
    EXPECT_EQ(place_of("'a b', c", 1).piece, "'a b'");
    EXPECT_EQ(place_of("'unfinished, ", 1).piece, "'unfinished, ");
}

TEST(Place, ALongWordIsCutAtACharacter)
{
    EXPECT_EQ(place_of(std::string(100, 'x'), 1).piece, std::string(40, 'x') + "...");
    EXPECT_EQ(place_of(std::string(39, 'x') + "ää", 1).piece, std::string(39, 'x') + "...");
}

} // namespace datasurface::sqltext
