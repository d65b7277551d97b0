package io.billingsdk.rating;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@code docs/rating.md} shows is what {@link RatingPageExamplesTest} runs. */
final class RatingPageTest {
  private static final Path MODULE = Path.of(System.getProperty("basedir", "."));
  private static final Path PAGE = MODULE.resolve("../docs/rating.md");
  private static final Path EXAMPLES =
      MODULE.resolve("src/test/java/io/billingsdk/rating/RatingPageExamplesTest.java");

  @Test
  void javaBlocks_ofThePage_areRunByTheExamples() throws IOException {
    String run = words(Files.readString(EXAMPLES));
    List<String> blocks = blocks(Files.readString(PAGE));
    assertThat(blocks).hasSizeGreaterThanOrEqualTo(6);
    for (String block : blocks) {
      assertThat(run).contains(words(block));
    }
  }

  @Test
  void priceModels_areAllOnThePage() throws IOException {
    String page = Files.readString(PAGE);
    for (Method made : PriceModel.class.getMethods()) {
      if (Modifier.isStatic(made.getModifiers())) {
        assertThat(page).contains("`" + made.getName() + "`");
      }
    }
  }

  private static List<String> blocks(String page) {
    List<String> blocks = new ArrayList<>();
    for (String part : page.split("```java\n", -1)) {
      blocks.add(part.substring(0, Math.max(0, part.indexOf("```"))));
    }
    return blocks.subList(1, blocks.size());
  }

  /** The text with one space for any white space, since the formatter breaks lines elsewhere. */
  private static String words(String text) {
    return text.lines().map(String::strip).collect(Collectors.joining(" ")).replaceAll("\\s+", "");
  }
}
