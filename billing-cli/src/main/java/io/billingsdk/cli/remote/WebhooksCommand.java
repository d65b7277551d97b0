package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.WrongOptionException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing webhooks …}. */
@Command(
    name = "webhooks",
    description = "Shows and changes webhook endpoints, their deliveries and dead letters.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing webhooks create https://hooks.example/in --customer acme --kind 'quota.*'",
      "  billing webhooks deliveries ENDPOINT --customer acme --state dead"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class WebhooksCommand {
  private static final int URL = 60;
  private static final int PROBLEM = 60;
  private static final String ID = "as webhooks list shows it";
  private static final String KINDS =
      "such as key.blocked, quota.* or *; repeatable; 'billing notifications kinds' lists them";

  @Command(
      name = "list",
      description = "Lists endpoints by id, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing webhooks list --customer acme")
  void list(@Mixin RemoteOptions remote, @Mixin ListOptions list, @Mixin NotificationOwner owner) {
    Columns columns =
        new Columns()
            .whole("endpoint", "endpointId")
            .text("url", "url", URL)
            .whole("state", "state")
            .whole("failing since", "failingSince")
            .text("problem", "problem", PROBLEM);
    list.print(remote.http(), owner.at("/webhooks"), new Query(), columns);
  }

  @Command(
      name = "parked",
      description =
          "Lists events of payment providers that wait for a person, over HTTP; with a token to"
              + " read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing webhooks parked")
  void parked(@Mixin RemoteOptions remote, @Mixin ListOptions list) {
    Columns columns =
        new Columns()
            .number("position", "position")
            .whole("provider", "provider")
            .text("event", "eventId", URL)
            .text("kind", "kind", URL)
            .text("reason", "reason", PROBLEM);
    list.print(remote.http(), "/parked-events", new Query(), columns);
  }

  @Command(
      name = "dismiss",
      description = {
        "Says that nothing is left to be done for a parked event.",
        "Over HTTP; with a token of the scope finance."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing webhooks dismiss 17 --reason 'another shop of ours'")
  void dismiss(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "POSITION", description = "as webhooks parked shows it")
          String position,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              required = true,
              description = "for the audit log")
          String reason) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("reason", reason);
    String path = "/parked-events/" + Query.segment(position) + "/dismissal";
    shown.print(remote.http().change(path, BillingHttp.bytes(body)));
  }

  @Command(
      name = "replay-parked",
      description = {
        "Takes a parked event again; it has its effect once.",
        "Over HTTP; with a token of the scope finance."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing webhooks replay-parked 17")
  void replayParked(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "POSITION", description = "as webhooks parked shows it")
          String position) {
    String path = "/parked-events/" + Query.segment(position) + "/replay";
    shown.print(remote.http().change(path, null));
  }

  @Command(
      name = "create",
      description = {
        "Makes an endpoint, and prints its secret, this once.",
        "Over HTTP; with a token of the scope admin, finance for one of a customer, or one of the"
            + " customer."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing webhooks create https://hooks.example/in --customer acme")
  void create(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Mixin NotificationOwner owner,
      @Parameters(paramLabel = "URL", description = "https://host/path") String url,
      @Option(names = "--kind", paramLabel = "KIND", description = KINDS + "; default: *")
          @Nullable List<String> kinds,
      @Option(
              names = "--format",
              paramLabel = "FORMAT",
              description = "standard, or slack for a text as {\"text\":…}; default: standard")
          @Nullable String format) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("url", url);
    CustomersCommand.put(body, "format", format);
    NotificationOwner.kinds(body, kinds);
    shown.print(remote.http().change(owner.at("/webhooks"), BillingHttp.bytes(body)));
  }

  @Command(
      name = "change",
      description = {
        "Changes an endpoint. An option that is not given changes nothing.",
        "Over HTTP; with a token of the scope admin, finance for one of a customer, or one of the"
            + " customer."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing webhooks change ENDPOINT --enabled true")
  void change(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Mixin NotificationOwner owner,
      @Parameters(paramLabel = "ENDPOINT", description = ID) String endpoint,
      @Option(names = "--url", paramLabel = "URL", description = "https://host/path")
          @Nullable String url,
      @Option(names = "--kind", paramLabel = "KIND", description = KINDS)
          @Nullable List<String> kinds,
      @Option(
              names = "--enabled",
              arity = "1",
              paramLabel = "true|false",
              description = "true also forgets that it failed")
          @Nullable Boolean enabled) {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    CustomersCommand.put(body, "url", url);
    NotificationOwner.kinds(body, kinds);
    if (enabled != null) {
      body.put("enabled", enabled.booleanValue());
    }
    shown.print(remote.http().change("PATCH", at(owner, endpoint, ""), BillingHttp.bytes(body)));
  }

  @Command(
      name = "remove",
      description = {
        "Removes an endpoint; its waiting deliveries become dead letters.",
        "Over HTTP; with a token of the scope admin, finance for one of a customer, or one of the"
            + " customer."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing webhooks remove ENDPOINT")
  void remove(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Mixin NotificationOwner owner,
      @Parameters(paramLabel = "ENDPOINT", description = ID) String endpoint) {
    shown.print(remote.http().change("DELETE", at(owner, endpoint, ""), null));
  }

  @Command(
      name = "rotate",
      description = {
        "Gives an endpoint another secret, and prints it, this once. The one before signs for 24"
            + " hours more.",
        "Over HTTP; with a token of the scope admin, finance for one of a customer, or one of the"
            + " customer."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing webhooks rotate ENDPOINT")
  void rotate(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Mixin NotificationOwner owner,
      @Parameters(paramLabel = "ENDPOINT", description = ID) String endpoint) {
    shown.print(remote.http().change(at(owner, endpoint, "/rotate"), null));
  }

  @Command(
      name = "deliveries",
      description = "Lists deliveries, the latest first, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing webhooks deliveries ENDPOINT --state dead")
  void deliveries(
      @Mixin RemoteOptions remote,
      @Mixin ListOptions list,
      @Mixin NotificationOwner owner,
      @Parameters(paramLabel = "ENDPOINT", description = ID) String endpoint,
      @Option(
              names = "--state",
              paramLabel = "STATE",
              description = "pending, delivered or dead; default: all")
          @Nullable String state) {
    Columns columns =
        new Columns()
            .whole("message", "messageId")
            .whole("kind", "kind")
            .whole("customer", "customerId")
            .whole("state", "state")
            .number("attempts", "attempts")
            .whole("next attempt", "nextAttemptAt")
            .text("problem", "problem", PROBLEM);
    list.print(
        remote.http(),
        at(owner, endpoint, "/deliveries"),
        new Query().with("state", state),
        columns);
  }

  @Command(
      name = "replay",
      description = {
        "Sends one delivery again, or all since a moment, with the ids that they had.",
        "Over HTTP; with a token of the scope admin, finance for one of a customer, or one of the"
            + " customer."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing webhooks replay ENDPOINT --since 2027-02-01T00:00:00Z")
  void replay(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Mixin NotificationOwner owner,
      @Parameters(paramLabel = "ENDPOINT", description = ID) String endpoint,
      @Option(
              names = "--message",
              paramLabel = "MESSAGE",
              description = "one, as webhooks deliveries shows it")
          @Nullable String message,
      @Option(
              names = "--since",
              paramLabel = "TIME",
              description = "all since then: 2027-02-01T00:00:00Z")
          @Nullable String since) {
    if ((message == null) == (since == null)) {
      throw new WrongOptionException("give either --message or --since");
    }
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    CustomersCommand.put(body, "messageId", message);
    CustomersCommand.put(body, "since", since);
    shown.print(remote.http().change(at(owner, endpoint, "/replay"), BillingHttp.bytes(body)));
  }

  private static String at(NotificationOwner owner, String endpoint, String more) {
    return owner.at("/webhooks/" + BillingHttp.part(endpoint) + more);
  }
}
