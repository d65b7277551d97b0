package io.billingsdk.server.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of kinds in docs/notifications.md says the same as the code. */
class NoticePageTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "notifications.md");
  private static final Pattern ROW = Pattern.compile("\\| `([a-z._]+)` \\| (yes|no) \\| (.*) \\|");
  private static final Pattern FIELD = Pattern.compile("`([A-Za-z0-9]+)`");

  @Test
  void tableOfThePage_andKinds_sayTheSame() throws IOException {
    List<String> written = new ArrayList<>();
    List<String> fields = List.of();
    for (String line : Files.readAllLines(PAGE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        fields = row.group(3).startsWith("the same") ? fields : fields(row.group(3));
        written.add(row.group(1) + " " + row.group(2).equals("yes") + " " + fields);
      }
    }
    assertThat(written)
        .containsExactlyElementsOf(
            Arrays.stream(NoticeKind.values())
                .map(each -> each.text() + " " + each.isMandatory() + " " + each.fields())
                .toList());
  }

  @Test
  void tableOfSeveralServers_hasTheSecretsOfNotifications() throws IOException {
    String operations = Files.readString(Path.of("..", "..", "docs", "operations.md"));
    assertThat(operations)
        .contains("| `secrets/webhook-secrets` | must be the same")
        .contains("| `secrets/mail-links` | must be the same");
  }

  private static List<String> fields(String cell) {
    List<String> found = new ArrayList<>();
    Matcher field = FIELD.matcher(cell);
    while (field.find()) {
      found.add(field.group(1));
    }
    return found;
  }
}
