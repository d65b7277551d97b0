package io.billingsdk.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.billingsdk.server.common.ServerException;
import java.util.ArrayList;
import java.util.List;

/** The borders of this module, as docs/architecture.md draws them. */
@AnalyzeClasses(packages = "io.billingsdk.server", importOptions = DoNotIncludeTests.class)
final class ServerArchitectureTest {
  private static final String WEBHOOK_TRANSPORT =
      "io.billingsdk.server.notifications.WebhookTransport";

  /** It shares the wire with the SDK, and nothing by which one could cover for the other. */
  @ArchTest
  static final ArchRule usesNothingOfTheSdkButTheWire =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.billingsdk..")
                  .and(
                      resideOutsideOfPackages(
                          "io.billingsdk.server..",
                          "io.billingsdk.protocol..",
                          // Prices times quantities, which knows nothing else of this project.
                          "io.billingsdk.rating..",
                          // Digests of ledger days, which knows nothing else either.
                          "io.billingsdk.seal..",
                          // Invoices to bytes, which knows nothing else either.
                          "io.billingsdk.documents..",
                          // What usage costs, from prices files.
                          "io.billingsdk.costs..",
                          // Where a month ends, and what is unusual, from series of numbers.
                          "io.billingsdk.forecast..",
                          "io.billingsdk.broker..")));

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching("io.billingsdk.server.(*)..").should().beFreeOfCycles();

  @ArchTest static final ArchRule dbKnowsNoOtherPackage = packageKnowsOnly("db", "db");

  @ArchTest
  static final ArchRule brokerKnowsOnlyDbAndWhoChangesItsInstances =
      packageKnowsOnly("broker", "db", "access");

  @ArchTest static final ArchRule backupKnowsOnlyDb = packageKnowsOnly("backup", "db");

  @ArchTest static final ArchRule accessKnowsOnlyDb = packageKnowsOnly("access", "db");

  @ArchTest static final ArchRule jobsKnowOnlyDb = packageKnowsOnly("jobs", "db");

  /** And who has its events retried. */
  @ArchTest
  static final ArchRule outboxKnowsOnlyDbAndJobs =
      packageKnowsOnly("outbox", "db", "jobs", "access");

  @ArchTest
  static final ArchRule onlyJobsKnowTheScheduler = onlyIn("jobs", "com.github.kagkarlsson..");

  /** It is infrastructure: a new route is no change of it. */
  @ArchTest static final ArchRule httpKnowsNoFeature = packageKnowsOnly("http", "db", "access");

  /** What a feature is, and no feature. */
  @ArchTest
  static final ArchRule featureKnowsNoFeature =
      packageKnowsOnly("feature", "db", "http", "jobs", "outbox");

  @ArchTest static final ArchRule keysKnowOnlyThePlatform = featureKnowsOnly("keys");

  @ArchTest static final ArchRule ledgerKnowsOnlyThePlatform = featureKnowsOnly("ledger");

  @ArchTest static final ArchRule auditKnowsOnlyThePlatform = featureKnowsOnly("audit");

  @ArchTest static final ArchRule healthKnowsOnlyThePlatform = featureKnowsOnly("health");

  @ArchTest static final ArchRule streamsKnowOnlyTheLedger = featureKnowsOnly("streams", "ledger");

  @ArchTest static final ArchRule sealsKnowOnlyTheLedger = featureKnowsOnly("seals", "ledger");

  @ArchTest static final ArchRule tailKnowsOnlyTheLedger = featureKnowsOnly("tail", "ledger");

  @ArchTest
  static final ArchRule ingestKnowsOnlyWhatFeedsItAndWhereItStores =
      featureKnowsOnly("ingest", "broker", "tail", "ledger", "keys");

  @ArchTest static final ArchRule customersKnowOnlyThePlatform = featureKnowsOnly("customers");

  @ArchTest
  static final ArchRule catalogKnowsOnlyCustomersAndTheLedger =
      featureKnowsOnly("catalog", "customers", "ledger");

  @ArchTest
  static final ArchRule subscriptionsKnowOnlyCustomersAndPlans =
      featureKnowsOnly("subscriptions", "customers", "catalog");

  @ArchTest
  static final ArchRule entitlementsKnowOnlyPlansAndKeys =
      featureKnowsOnly("entitlements", "customers", "catalog", "subscriptions", "keys");

  @ArchTest
  static final ArchRule creditsKnowOnlyWhoseTheyAre =
      featureKnowsOnly("credits", "customers", "subscriptions");

  @ArchTest
  static final ArchRule invoicesKnowOnlyWhatTheyAreMadeOf =
      featureKnowsOnly("invoices", "customers", "catalog", "subscriptions", "credits", "ledger");

  @ArchTest
  static final ArchRule taxKnowsOnlyWhoSellsWhoBuysAndInvoices =
      featureKnowsOnly("tax", "customers", "invoices");

  @ArchTest
  static final ArchRule documentsKnowOnlyInvoicesPaymentsAndSellers =
      featureKnowsOnly("documents", "customers", "invoices", "payments");

  @ArchTest
  static final ArchRule revenueKnowsOnlyWhatItsFiguresAreMadeOf =
      featureKnowsOnly(
          "revenue",
          "customers",
          "catalog",
          "subscriptions",
          "invoices",
          "payments",
          "reconcile",
          "ledger");

  @ArchTest
  static final ArchRule reconcileKnowsOnlyWhatItCompares =
      featureKnowsOnly("reconcile", "customers", "catalog", "subscriptions", "invoices", "ledger");

  @ArchTest
  static final ArchRule whatIfKnowsOnlyPlansAndUsage =
      featureKnowsOnly("whatif", "customers", "catalog", "subscriptions", "ledger");

  @ArchTest
  static final ArchRule comparisonKnowsOnlyWhatItCompares =
      featureKnowsOnly("comparison", "customers", "invoices");

  @ArchTest
  static final ArchRule marginKnowsOnlyPricesAndUsage =
      featureKnowsOnly("margin", "customers", "catalog", "invoices", "ledger");

  @ArchTest
  static final ArchRule quotasKnowOnlyWhatTheyCountAndWhomTheyAnswer =
      featureKnowsOnly(
          "quotas",
          "customers",
          "catalog",
          "subscriptions",
          "entitlements",
          "keys",
          "ledger",
          "control");

  @ArchTest
  static final ArchRule onlyBrokerKnowsMqtt =
      onlyIn("broker", "com.hivemq..", "io.reactivex..", "io.billingsdk.broker..");

  @ArchTest
  static final ArchRule onlyDbKnowsPoolAndMigrations =
      onlyIn(
          "db", "com.zaxxer..", "org.flywaydb..", "org.apache.commons.compress..", "org.tukaani..");

  /**
   * Services, routes and commands know one failure of the database, which is unchecked and holds no
   * statement. The ledger's hand-tuned writers speak to the driver.
   */
  @ArchTest
  static final ArchRule onlyWhatSpeaksToTheDriverThrowsItsFailures =
      methods()
          .that()
          .areDeclaredInClassesThat()
          .resideOutsideOfPackages(
              "io.billingsdk.server.db..",
              "io.billingsdk.server.ingest..",
              "io.billingsdk.server.ledger..")
          .should()
          .notDeclareThrowableOfType(java.sql.SQLException.class);

  /** The exceptions of Jdbi hold statements and what was bound to them: they end in one package. */
  @ArchTest
  static final ArchRule onlyDatabaseKnowsTheFailuresOfJdbi =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.billingsdk.server.db..")
          .should()
          .dependOnClassesThat()
          .areAssignableTo(org.jdbi.v3.core.JdbiException.class);

  @ArchTest
  static final ArchRule nobodyKnowsCommandLines =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..", "ch.qos.logback..");

  /** Jetty's server; its client sends webhooks. */
  @ArchTest
  static final ArchRule onlyHttpKnowsJetty =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.billingsdk.server.http..")
          .and()
          .doNotHaveFullyQualifiedName(WEBHOOK_TRANSPORT)
          .and()
          .haveNameNotMatching(java.util.regex.Pattern.quote(WEBHOOK_TRANSPORT) + "[$].*")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.eclipse.jetty..");

  @ArchTest
  static final ArchRule onlyNotificationsKnowMail =
      onlyIn("notifications", "jakarta.mail..", "org.eclipse.angus..");

  /** Mails and the page of statistics; what else is shown goes by the API. */
  @ArchTest
  static final ArchRule onlyMailsAndPagesKnowTemplates =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.billingsdk.server.notifications..", "io.billingsdk.server.statistics..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("gg.jte..");

  @ArchTest
  static final ArchRule notificationsKnowOnlyWhomTheyAreAbout =
      featureKnowsOnly("notifications", "customers", "keys");

  /** A feature has meters in a class for that, so that what counts does not know who reads. */
  @ArchTest
  static final ArchRule onlyMetersKnowMicrometer =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.billingsdk.server.http..")
          .and()
          .haveSimpleNameNotEndingWith("Meters")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.micrometer..");

  /** The rules of a feature hold whichever way it is asked: none of them is in a route. */
  @ArchTest
  static final ArchRule onlyTheDoorOfAFeatureKnowsHttp =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.billingsdk.server.keys..",
              "io.billingsdk.server.ledger..",
              "io.billingsdk.server.customers..",
              "io.billingsdk.server.catalog..",
              "io.billingsdk.server.streams..",
              "io.billingsdk.server.seals..",
              "io.billingsdk.server.audit..",
              "io.billingsdk.server.health..",
              "io.billingsdk.server.tail..",
              "io.billingsdk.server.subscriptions..",
              "io.billingsdk.server.notifications..",
              "io.billingsdk.server.invoices..",
              "io.billingsdk.server.tax..",
              "io.billingsdk.server.documents..",
              "io.billingsdk.server.reconcile..",
              "io.billingsdk.server.whatif..",
              "io.billingsdk.server.comparison..",
              "io.billingsdk.server.margin..",
              "io.billingsdk.server.credits..")
          .and()
          .haveNameNotMatching(
              ".*(Routes|Views?|Meters|Feature|Parameters|TermsReader|KeyLimitsParser|TailStream)([$].*)?")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.billingsdk.server.http..");

  /** What the classes of other packages use is public, and then final or an interface. */
  @ArchTest
  static final ArchRule publicClassesAreFinal =
      classes()
          .that()
          .arePublic()
          .and()
          .areTopLevelClasses()
          .and()
          .areNotInterfaces()
          .and()
          // It is sealed, and its two kinds are final.
          .doNotHaveFullyQualifiedName(ServerException.class.getName())
          .should()
          .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL);

  private static ArchRule featureKnowsOnly(String own, String... others) {
    List<String> known =
        new ArrayList<>(List.of("db", "http", "access", "jobs", "outbox", "feature"));
    known.addAll(List.of(others));
    return packageKnowsOnly(own, known.toArray(String[]::new));
  }

  private static ArchRule packageKnowsOnly(String own, String... others) {
    List<String> known = new ArrayList<>();
    known.add("io.billingsdk.server.common..");
    known.add("io.billingsdk.server." + own + "..");
    for (String other : others) {
      known.add("io.billingsdk.server." + other + "..");
    }
    return noClasses()
        .that()
        .resideInAPackage("io.billingsdk.server." + own + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.billingsdk.server.*..")
                .and(resideOutsideOfPackages(known.toArray(String[]::new))));
  }

  private static ArchRule onlyIn(String own, String... libraries) {
    return noClasses()
        .that()
        .resideOutsideOfPackage("io.billingsdk.server." + own + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries);
  }
}
