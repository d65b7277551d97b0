package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.Printable;
import io.billingsdk.cli.console.Whole;
import io.billingsdk.cli.console.WrongOptionException;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.keys.BlockCause;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.keys.KeyVault;
import io.billingsdk.server.keys.NewKey;
import io.billingsdk.server.keys.StoredKey;
import io.billingsdk.server.ledger.Attributions;
import io.billingsdk.server.ledger.Attributions.Unknown;
import io.billingsdk.server.ledger.LedgerAppender;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing keys …}: over the database, so that a running server tells of it at once. */
@Command(
    name = "keys",
    description =
        "Creates and changes API keys; connected services receive a change within a second.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing keys create --app acme --rate 100 --burst 200",
      "  billing keys create --app acme --model 'gpt-4*' --quota tokens=1000000",
      "  billing keys block KEY_ID --reason unpaid",
      "  billing keys rotate KEY_ID --overlap-hours 48"
    },
    mixinStandardHelpOptions = true,
    subcommands = AttributeCommand.class,
    synopsisSubcommandLabel = "COMMAND")
final class KeysCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "create",
      description = "Creates a key, and shows it this once.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {
        "  billing keys create --app acme --rate 100 --burst 200",
        "  billing keys create --app acme --model 'gpt-4*' --quota tokens=1000000"
      })
  void create(
      @Mixin DatabaseOptions options,
      @Mixin KeyTermsOptions terms,
      @Option(
              names = "--app",
              paramLabel = "APP",
              required = true,
              description = "the app that owns it")
          String app,
      @Option(names = "--legacy", description = "the feed of protocol v1 carries it, in full")
          boolean legacy) {
    with(
        options,
        admin -> {
          NewKey key = admin.create(app, terms.applyTo(KeyEntitlements.UNLIMITED), legacy);
          out().printf("%s  %s%n", key.keyId(), key.text());
          if (legacy) {
            err()
                .println("warning: anyone who may read the topic of protocol v1 can read this key");
          }
          out().flush();
          PasteLines.on(err()).afterKey(key.keyId(), legacy, options.asGiven());
        });
  }

  @Command(
      name = "set",
      description = "Changes the permitted uses of a key; the rest stays.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {
        "  billing keys set KEY_ID --rate 50 --expires 2027-01-31T00:00:00Z",
        "  billing keys set KEY_ID --rate none --model '*'"
      })
  void set(
      @Mixin DatabaseOptions options,
      @Mixin KeyTermsOptions terms,
      @Parameters(paramLabel = "KEY_ID", description = "as keys list shows it") String keyId) {
    if (terms.areAbsent()) {
      throw new WrongOptionException(
          "give at least one of --model, --expires, --rate, --burst, --quota");
    }
    with(options, admin -> admin.change(keyId, terms::applyTo));
  }

  @Command(
      name = "list",
      description = {
        "Lists all keys, removed and expired ones too.",
        "successor= is the key that 'keys rotate' made for it."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing keys list")
  void list(@Mixin DatabaseOptions options) {
    with(
        options,
        admin -> {
          Map<String, String> successors = admin.successors();
          Instant now = Instant.now();
          for (StoredKey key : admin.keys()) {
            out().println(KeyLine.of(key, successors.get(key.keyId()), now));
          }
        });
  }

  private static List<Unknown> unknown(Database database) {
    return new Attributions(database, Actor.commandLine(), LedgerAppender.withoutHooks()).unknown();
  }

  @Command(
      name = "unknown",
      description = "Lists the unknown keys that events without an app named.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing keys unknown")
  void unknown(@Mixin DatabaseOptions options) {
    for (Unknown each : options.with(database -> unknown(database))) {
      out()
          .printf(
              Locale.ROOT,
              "%s  events=%d usage=%s  %s to %s%n",
              each.keyId() != null
                  ? "named=" + Printable.name(each.keyId())
                  : "sha256=" + each.sha256(),
              each.events(),
              each.usage().toPlainString(),
              each.first(),
              each.last());
    }
    out().flush();
  }

  @Command(
      name = "block",
      description = "Blocks a key.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing keys block KEY_ID --reason unpaid")
  void block(
      @Mixin DatabaseOptions options,
      @Parameters(paramLabel = "KEY_ID", description = "as keys list shows it") String keyId,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              required = true,
              description = "1 to 256 characters; services see it")
          String reason) {
    with(options, admin -> admin.block(keyId, reason));
  }

  @Command(
      name = "unblock",
      description = {
        "Lifts one cause of a block.",
        "The key stays blocked while another cause stands; keys list shows them."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {"  billing keys unblock KEY_ID", "  billing keys unblock KEY_ID --cause violation"})
  void unblock(
      @Mixin DatabaseOptions options,
      @Parameters(paramLabel = "KEY_ID", description = "as keys list shows it") String keyId,
      @Option(
              names = "--cause",
              paramLabel = "CAUSE",
              defaultValue = "operator",
              description = "operator, past_due, violation, plan or quota; default: operator")
          String cause) {
    BlockCause lifted;
    try {
      lifted = BlockCause.of(cause);
    } catch (IllegalArgumentException unknown) {
      throw new WrongOptionException(
          "--cause must be operator, past_due, violation, plan or quota");
    }
    with(options, admin -> admin.lift(keyId, lifted));
  }

  @Command(
      name = "expire",
      description = "Sets when a key ends.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing keys expire KEY_ID --at 2027-01-31T00:00:00Z")
  void expire(
      @Mixin DatabaseOptions options,
      @Parameters(paramLabel = "KEY_ID", description = "as keys list shows it") String keyId,
      @Option(
              names = "--at",
              paramLabel = "TIME",
              required = true,
              description = "when it ends: 2027-01-31T00:00:00Z")
          String at) {
    with(options, admin -> admin.expire(keyId, KeyTermsOptions.time("--at", at)));
  }

  @Command(
      name = "rotate",
      description = "Creates a successor; the old key ends after the overlap.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing keys rotate KEY_ID --overlap-hours 48")
  void rotate(
      @Mixin DatabaseOptions options,
      @Parameters(paramLabel = "KEY_ID", description = "as keys list shows it") String keyId,
      @Option(
              names = "--overlap-hours",
              paramLabel = "N",
              defaultValue = "24",
              converter = Whole.Hours.class,
              description = "how long both keys work, 0 to 87600; default: 24")
          long overlapHours) {
    with(
        options,
        admin -> {
          NewKey key = admin.rotate(keyId, Instant.now().plus(Duration.ofHours(overlapHours)));
          out().printf("%s  %s%n", key.keyId(), key.text());
        });
  }

  @Command(
      name = "remove",
      description = "Removes a key, for good.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing keys remove KEY_ID")
  void remove(
      @Mixin DatabaseOptions options,
      @Parameters(paramLabel = "KEY_ID", description = "as keys list shows it") String keyId) {
    with(options, admin -> admin.remove(keyId));
  }

  private void with(DatabaseOptions options, DatabaseOptions.Change<KeyAdmin> change) {
    options.change(database -> new KeyAdmin(database, new KeyVault(options.secrets())), change);
    out().flush();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
