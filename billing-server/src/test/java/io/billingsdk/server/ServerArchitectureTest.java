package io.billingsdk.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;

/** The borders of this module, as docs/architecture.md draws them. */
@AnalyzeClasses(packages = "io.billingsdk.server", importOptions = DoNotIncludeTests.class)
final class ServerArchitectureTest {

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
                          "io.billingsdk.broker..")));

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching("io.billingsdk.server.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule databaseKnowsNoOtherPackage = packageKnowsOnly("database", "database");

  @ArchTest
  static final ArchRule brokerKnowsOnlyDatabaseAndWhoChangesItsInstances =
      packageKnowsOnly("broker", "database", "access");

  @ArchTest static final ArchRule backupKnowsOnlyDatabase = packageKnowsOnly("backup", "database");

  @ArchTest static final ArchRule accessKnowsOnlyDatabase = packageKnowsOnly("access", "database");

  @ArchTest
  static final ArchRule keysKnowOnlyDatabaseAndWhoChangesThem =
      packageKnowsOnly("keys", "database", "access");

  @ArchTest
  static final ArchRule ledgerKnowsOnlyDatabaseAndWhoChangesIt =
      packageKnowsOnly("ledger", "database", "access");

  @ArchTest
  static final ArchRule tailKnowsOnlyDatabaseAndLedger =
      packageKnowsOnly("tail", "database", "ledger");

  @ArchTest
  static final ArchRule collectKnowsOnlyWhatFeedsItAndWhereItStores =
      noClasses()
          .that()
          .resideInAPackage("io.billingsdk.server.collect..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.billingsdk.server.keys..",
              "io.billingsdk.server.access..",
              "io.billingsdk.server.cli..");

  @ArchTest
  static final ArchRule nobodyKnowsTheCommands =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.billingsdk.server.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.billingsdk.server.cli..");

  @ArchTest
  static final ArchRule onlyBrokerKnowsMqtt =
      onlyIn("broker", "com.hivemq..", "io.reactivex..", "io.billingsdk.broker..");

  @ArchTest
  static final ArchRule onlyDatabaseKnowsPoolAndMigrations =
      onlyIn(
          "database",
          "com.zaxxer..",
          "org.flywaydb..",
          "org.apache.commons.compress..",
          "org.tukaani..");

  @ArchTest static final ArchRule onlyCliKnowsPicocli = onlyIn("cli", "picocli..");

  /** The rules of the features hold whichever way they are asked: none of them is in a route. */
  @ArchTest
  static final ArchRule onlyWebKnowsHttp = onlyIn("web", "org.eclipse.jetty..", "io.micrometer..");

  @ArchTest
  static final ArchRule featuresDoNotKnowHttp =
      noClasses()
          .that()
          .resideInAnyPackage("io.billingsdk.server.*..")
          .and()
          .resideOutsideOfPackages("io.billingsdk.server.web..", "io.billingsdk.server.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.billingsdk.server.web..");

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
          .should()
          .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL);

  private static ArchRule packageKnowsOnly(String own, String... others) {
    List<String> known = new ArrayList<>();
    known.add("io.billingsdk.server");
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
