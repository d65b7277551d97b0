package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.WrongOptionException;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.feature.Feature.Platform;
import io.billingsdk.server.ledger.Attributions;
import io.billingsdk.server.ledger.Attributions.Named;
import io.billingsdk.server.ledger.Attributions.Result;
import io.billingsdk.server.ledger.LedgerAppender;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing keys attribute}: finds the app of events whose key was not known. */
@Command(
    name = "attribute",
    description = {
      "Attributes events whose key was not known when they came, each once and for good.",
      "To a key that was made since: keys attribute KEY_ID.",
      "To an app, by what the events named: --app with --sha256 or --named; see keys unknown."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing keys attribute KEY_ID --reason 'made after its first use'",
      "  billing keys attribute --app acme --named old-key --reason 'ticket 4711'"
    })
final class AttributeCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DatabaseOptions options = new DatabaseOptions();

  @Parameters(paramLabel = "KEY_ID", arity = "0..1", description = "a key that is known now")
  private @Nullable String keyId;

  @Option(names = "--app", paramLabel = "APP", description = "whom they belong to")
  private @Nullable String app;

  @Option(names = "--sha256", paramLabel = "HEX", description = "of the key that they named")
  private @Nullable String sha256;

  @Option(names = "--named", paramLabel = "ID", description = "the unknown key id that they named")
  private @Nullable String named;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "1 to 256 characters; kept with each of them")
  private String reason = "";

  @Override
  public void run() {
    String key = keyId;
    String owner = app;
    Result result;
    if (key != null && owner == null && sha256 == null && named == null) {
      result = options.with(database -> attributions(database).toKey(key, reason));
    } else if (key == null && owner != null && (sha256 == null) != (named == null)) {
      Named which = named();
      result = options.with(database -> attributions(database).toApp(which, owner, null, reason));
    } else {
      throw new WrongOptionException("give KEY_ID, or --app with either --sha256 or --named");
    }
    print(result);
  }

  private Attributions attributions(Database database) {
    LedgerAppender appender = BillingServer.appender(new Platform(database, options.secrets()));
    return new Attributions(database, Actor.commandLine(), appender);
  }

  private Named named() {
    String hex = sha256 == null ? null : sha256.toLowerCase(Locale.ROOT);
    if (hex != null && !KeyRef.KeySha256.isWellFormed(hex)) {
      throw new WrongOptionException("--sha256 must be 64 hexadecimal digits");
    }
    return new Named(named, hex);
  }

  private void print(Result result) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(Locale.ROOT, "attributed %d events%n", result.attributed());
    if (result.repeats() > 0) {
      out.printf(
          Locale.ROOT,
          "%d stay as they are: the app has counted others with their idempotency keys%n",
          result.repeats());
    }
    if (result.conflicts() > 0) {
      out.printf(
          Locale.ROOT,
          "%d stay as they are, and say something else than what the app has counted with their"
              + " idempotency keys%n",
          result.conflicts());
    }
    out.flush();
  }
}
