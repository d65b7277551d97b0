package io.billingsdk.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.cli.CommandRun;
import io.billingsdk.server.access.Principal.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code billing stats …} against a server. */
class StatsCommandsTest extends RemoteCommandsFixture {
  private static final String QUIZ =
      """
      {"profile":"quiz","audience":"sessions","events":{"answer":{}},
       "counters":{"answers":{"count":"%s"}},"figures":{"answers":"answers"}}
      """;

  @BeforeAll
  static void tokens() {
    server.tokenFile("admin", Scope.ADMIN, null);
  }

  private static CommandRun run(String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command.split(" ", -1)));
    all.addAll(server.arguments("admin", "x", arguments).stream().skip(1).toList());
    return CommandRun.of(all.toArray(new String[0]));
  }

  private static String done(String command, String... arguments) {
    CommandRun run = run(command, arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }

  @Test
  void user_whoHasAToken_isShownUntilTheyAreErased() {
    assertThat(done("stats token", "ann@example.com", "--hours", "8")).contains("bst_");
    assertThat(done("stats user", "ann@example.com", "--json"))
        .contains("\"total_files_uploaded\"", "\"authenticated\"");
    assertThat(done("stats all", "--json")).contains("\"total_users\"");

    done("stats erase", "ann@example.com");

    CommandRun erased = run("stats user", "ann@example.com");
    assertThat(erased.exitCode()).isNotZero();
    assertThat(erased.err()).contains("404");
  }

  @Test
  void key_thatIsRotated_isSaidByItsNumber() {
    assertThat(done("stats rotate-key", "--overlap", "1", "--json")).contains("2");
  }

  @Test
  void profile_isImported_andOneWithAnUnknownEventIsRefusedByName() throws Exception {
    Path bad = file("bad.json", List.of(QUIZ.formatted("anser")));
    CommandRun refused = run("stats import", bad.toString(), "--reason", "r");
    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.err()).contains("counters.answers.count", "anser");

    Path good = file("quiz.json", List.of(QUIZ.formatted("answer")));
    done("stats import", good.toString(), "--reason", "r");
    assertThat(done("stats profiles")).contains("quiz", "audio");
  }
}
