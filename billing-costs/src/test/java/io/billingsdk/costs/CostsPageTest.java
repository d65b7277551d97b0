package io.billingsdk.costs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds docs/costs.md to the code. */
final class CostsPageTest {
  private static final Path PAGE = Path.of("../docs/costs.md");
  private static final Pattern JSON = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);

  @Test
  void filesOfThePage_areRead() throws IOException {
    Matcher found = JSON.matcher(Files.readString(PAGE));
    int files = 0;
    while (found.find()) {
      assertThat(Catalogue.of(PriceFile.read(found.group(1)).rows()).rows()).isNotEmpty();
      files++;
    }
    assertThat(files).isPositive();
  }

  @Test
  void unitsAndFindings_areOnThePage() throws IOException {
    String page = Files.readString(PAGE);
    for (PriceUnit unit : PriceUnit.values()) {
      assertThat(page).contains('`' + unit.key() + '`');
    }
    List<String> codes =
        List.of("overlap", "currency", "large_change", "factor", "free", "sources_agree");
    assertThat(codes).allSatisfy(code -> assertThat(page).contains('`' + code + '`'));
    for (Bucket bucket : Bucket.values()) {
      boolean isNamed = page.contains('`' + bucket.key() + '`');
      assertThat(isNamed || bucket.key().matches(".*_(audio|image|video)_tokens"))
          .as(bucket.key())
          .isTrue();
    }
  }
}
