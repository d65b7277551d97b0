package io.billingsdk.cli.remote;

import picocli.CommandLine.Command;

/** {@code billing subscriptions …}. */
@Command(
    name = "subscriptions",
    description = {
      "Shows and changes which customer has which plan.",
      "Each change can be looked at first: --preview shows exactly what it would do, and stores"
          + " nothing."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing subscriptions list --state past_due",
      "  billing subscriptions start --customer acme --plan pro --preview"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      SubscriptionsListCommand.class,
      SubscriptionsShowCommand.class,
      SubscriptionsEventsCommand.class,
      SubscriptionsStartCommand.class,
      SubscriptionsSwitchCommand.class,
      SubscriptionsCancelCommand.class,
      SubscriptionsBillDayCommand.class,
      SubscriptionActs.Undo.class,
      SubscriptionActs.Pause.class,
      SubscriptionActs.Resume.class,
      SubscriptionActs.Reactivate.class,
      SubscriptionActs.PastDue.class,
      SubscriptionActs.Paid.class,
      SubscriptionsMigrateCommand.class
    })
final class SubscriptionsCommand {}
