package io.billingsdk.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class SettingsPageTest {
  @TempDir Path directory = Path.of("");

  /** The table in docs/operations.md is what this prints. */
  @Test
  void documentation_hasEverySetting() throws IOException {
    CommandLine all =
        BillingCommandLine.create(Map.<String, String>of()::get, directory, "billing");
    CommandLine serve = requireNonNull(all.getSubcommands().get("serve"));
    String table =
        Settings.rows(serve.getCommandSpec()).entrySet().stream()
            .map(each -> row(each.getKey(), each.getValue()))
            .collect(Collectors.joining("\n"));
    String document = Files.readString(Path.of("..", "docs", "operations.md"));
    assertThat(document).contains("\n" + table + "\n\n");
  }

  private static String row(String name, OptionSpec option) {
    return "| `%s` | `--%s` | `%s` | %s |"
        .formatted(name, name, Settings.variable(name), String.join(" ", option.description()));
  }
}
