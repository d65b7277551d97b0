package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.Printable;
import io.billingsdk.cli.console.Whole;
import io.billingsdk.cli.console.WrongOptionException;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.Operators;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.access.Scopes;
import io.billingsdk.server.access.Tokens;
import io.billingsdk.server.access.Tokens.NewToken;
import io.billingsdk.server.access.Tokens.Token;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing token …}: over the database, so that a running server goes by it at once. */
@Command(
    name = "token",
    description = "Creates, lists and revokes the tokens of operators for the HTTP API.",
    footerHeading = "%nExamples:%n",
    footer = {"  billing token create --operator alice --scope write", "  billing token list"},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class TokenCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "create",
      description = "Creates a token, and shows it this once.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {
        "  billing token create --operator alice --scope write",
        "  billing token create --operator bob --scope finance,refund",
        "  billing token create --app acme --days 30",
        "  billing token create --customer acme",
        "  billing token create --scope intake"
      })
  void create(
      @Mixin DatabaseOptions options,
      @Option(
              names = "--operator",
              paramLabel = "NAME",
              defaultValue = Operators.FIRST,
              description = "its operator; default: " + Operators.FIRST)
          String operator,
      @Option(
              names = "--scope",
              paramLabel = "SCOPE",
              defaultValue = "read",
              description = {
                "intake: send usage; read; write or metering: usage, apps and keys;",
                "catalog: meters and plans; finance: customers and what they owe;",
                "refund: give money back; admin: all of it; default: read;",
                "several with commas between them: metering,catalog"
              })
          String scope,
      @Option(
              names = "--app",
              paramLabel = "APP",
              description = "it reads the data of this app alone")
          @Nullable String app,
      @Option(
              names = "--customer",
              paramLabel = "CUSTOMER",
              description = "it reads what is of this customer alone")
          @Nullable String customer,
      @Option(
              names = "--days",
              paramLabel = "N",
              converter = Whole.Days.class,
              defaultValue = "90",
              description = "how long it is valid, 1 to 400; default: 90")
          long days) {
    Scopes given = scopes(scope);
    if (customer != null && (app != null || !given.equals(Scopes.of(Scope.READ)))) {
      throw new WrongOptionException(
          "--customer makes a token that reads: leave --app and --scope out");
    }
    Duration lasts = Duration.ofDays(days);
    NewToken made =
        options.with(
            database ->
                customer == null
                    ? new Tokens(database).create(Actor.commandLine(), operator, given, app, lasts)
                    : ofCustomer(database, operator, customer, lasts));
    out().printf("%s  %s%n", made.tokenId(), made.text());
    out().flush();
  }

  private static Scopes scopes(String text) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (String each : text.split(",", -1)) {
      scopes.add(
          Scope.of(each)
              .orElseThrow(
                  () ->
                      new WrongOptionException(
                          "--scope must be one of "
                              + Scope.all()
                              + ", or several with commas between them, but was "
                              + text)));
    }
    return new Scopes(scopes);
  }

  private static NewToken ofCustomer(
      Database database, String operator, String customer, Duration lasts) {
    Actor actor = Actor.commandLine();
    String known = new Customers(database, actor).require(customer).id();
    return new Tokens(database).createForCustomer(actor, operator, known, lasts);
  }

  @Command(
      name = "list",
      description = "Lists all tokens, ended ones too.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing token list")
  void list(@Mixin DatabaseOptions options) {
    for (Token token : options.with(database -> new Tokens(database).all())) {
      out().println(line(token));
    }
    out().flush();
  }

  @Command(
      name = "revoke",
      description = "Ends a token at once.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing token revoke TOKEN_ID")
  void revoke(
      @Mixin DatabaseOptions options,
      @Parameters(paramLabel = "TOKEN_ID", description = "as token list shows it") String tokenId) {
    options.change(Tokens::new, tokens -> tokens.revoke(Actor.commandLine(), tokenId));
  }

  private static String line(Token token) {
    String end =
        token.revoked() != null
            ? "revoked " + token.revoked()
            : (token.expires().isAfter(Instant.now()) ? "expires " : "expired ") + token.expires();
    return token.tokenId()
        + "  "
        + Printable.name(token.operator())
        + "  "
        + token.scopes().text()
        + (token.appId() == null ? "" : "  app=" + Printable.name(token.appId()))
        + (token.customerId() == null ? "" : "  customer=" + Printable.name(token.customerId()))
        + "  "
        + end;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
