package io.billingsdk.cli.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.CommandException;
import io.billingsdk.cli.console.Whole;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing stats …}. */
@Command(
    name = "stats",
    description = "Shows what sessions, users and guests used, and gives tokens to users.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing stats all",
      "  billing stats user ann@example.com",
      "  billing stats import quiz.json --reason 'the quiz has statistics'"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class StatsCommand {
  private static final String USERS = BillingHttp.OF_STATISTICS + "/user/";
  private static final String ADMIN = "Over HTTP; with a token of the scope admin.";
  private static final String WRITE = "Over HTTP; with a token to write.";
  private static final String USER = "the name that the application has for the user";

  @Command(
      name = "all",
      description = {"Shows what all users and guests used together.", ADMIN},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing stats all --json")
  void all(@Mixin RemoteOptions remote, @Mixin ShownItem shown) {
    shown.print(remote.http().get(BillingHttp.OF_STATISTICS + "/analytics", new Query()));
  }

  @Command(
      name = "user",
      description = {"Shows what a user used.", ADMIN},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing stats user ann@example.com")
  void user(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "USER", description = USER) String user) {
    shown.print(remote.http().get(USERS + Query.segment(user), new Query()));
  }

  @Command(
      name = "erase",
      description = {"Forgets who a user is; sums and the ledger stay.", ADMIN},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing stats erase ann@example.com")
  void erase(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "USER", description = USER) String user) {
    shown.print(remote.http().change("DELETE", USERS + Query.segment(user), null));
  }

  @Command(
      name = "token",
      description = {"Gives a token to a user whom the application has logged in.", WRITE},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing stats token ann@example.com --hours 8")
  void token(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "USER", description = USER) String user,
      @Option(
              names = "--hours",
              paramLabel = "HOURS",
              converter = Whole.Hours.class,
              description = "how long it is good, 1 to 8760; default: 24")
          @Nullable Long hours) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("userId", user);
    if (hours != null) {
      body.put("hours", hours);
    }
    shown.print(remote.http().change("/statistics/user-tokens", BillingHttp.bytes(body)));
  }

  @Command(
      name = "rotate-key",
      description = {"Signs tokens of sessions, guests and users with a new key.", ADMIN},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing stats rotate-key --overlap 48")
  void rotateKey(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Option(
              names = "--overlap",
              paramLabel = "HOURS",
              converter = Whole.Hours.class,
              description = "how long earlier tokens stay good, 0 to 8760; default: 24")
          @Nullable Long overlap) {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    if (overlap != null) {
      body.put("overlapHours", overlap);
    }
    shown.print(remote.http().change("/statistics/keys", BillingHttp.bytes(body)));
  }

  @Command(
      name = "profiles",
      description = "Shows the profiles in force, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing stats profiles --json")
  void profiles(@Mixin RemoteOptions remote, @Mixin ShownItem shown) {
    shown.print(remote.http().get("/statistics/profiles", new Query()));
  }

  @Command(
      name = "import",
      description = {"Puts a profile into force for its audience.", WRITE},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing stats import quiz.json --reason 'the quiz has statistics'")
  void importFile(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "FILE", description = "a profile; docs/statistics.md has its fields")
          Path file,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              required = true,
              description = "kept with the profile")
          String reason) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("reason", reason);
    try {
      body.set("file", BillingHttp.JSON.readTree(PlanFileText.read(file)));
    } catch (JsonProcessingException malformed) {
      throw new CommandException(file + " must be JSON", malformed);
    }
    shown.print(remote.http().change("/statistics/profiles", BillingHttp.bytes(body)));
  }
}
