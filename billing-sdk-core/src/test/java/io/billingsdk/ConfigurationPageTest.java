package io.billingsdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of settings in {@code docs/configuration.md} is the table in the code. */
final class ConfigurationPageTest {

  @Test
  void page_tableOfSettings_isTheTableInTheCode() throws IOException {
    List<String> expected = new ArrayList<>();
    expected.add("| setting | default | meaning | bound | system property | environment |");
    expected.add("| --- | --- | --- | --- | --- | --- |");
    Setting.ALL.forEach(setting -> expected.add(row(setting)));

    List<String> page = Files.readAllLines(Path.of("../docs/configuration.md"));

    assertThat(page).as("the table in docs/configuration.md").containsSubsequence(expected);
    assertThat(page.stream().filter(line -> line.contains("`BILLING_")).count())
        .as("rows that name a variable")
        .isGreaterThanOrEqualTo(Setting.ALL.size());
  }

  private static String row(Setting<?> setting) {
    return String.join(
        " | ",
        "| `" + setting.name() + "`",
        shown(setting.defaultValue()),
        setting.meaning(),
        setting.expected(),
        "`" + setting.property() + "`",
        "`" + setting.environmentVariable() + "` |");
  }

  private static String shown(@org.jspecify.annotations.Nullable Object value) {
    if (value == null) {
      return "none";
    }
    return value instanceof Duration duration ? DurationText.format(duration) : value.toString();
  }
}
