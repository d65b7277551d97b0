package io.billingsdk.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.sql.ResultSet;
import java.sql.Statement;

/** The borders of this module, as docs/architecture.md draws them. */
@AnalyzeClasses(packages = "io.billingsdk.cli", importOptions = DoNotIncludeTests.class)
final class CliArchitectureTest {

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching("io.billingsdk.cli.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyTheDoctorKnowsMqtt =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.billingsdk.cli.doctor..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.hivemq..");

  /**
   * What it needs of the SDK has to be public API: whatever it uses, a user must be able to use.
   */
  @ArchTest
  static final ArchRule usesOnlyThePublicApiOfCore =
      noClasses().should().dependOnClassesThat().resideInAPackage("io.billingsdk.internal..");

  /** The rules hold whichever way they are asked: a command calls a service of the server. */
  @ArchTest
  static final ArchRule commandsHoldNoSql =
      noClasses()
          .should()
          .dependOnClassesThat()
          .areAssignableTo(Statement.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(ResultSet.class);

  /** The machine's own commands, the remote ones, the journal's and the doctor know one ground. */
  @ArchTest
  static final ArchRule consoleKnowsNoCommand =
      noClasses()
          .that()
          .resideInAPackage("io.billingsdk.cli.console..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.billingsdk.cli",
              "io.billingsdk.cli.operator..",
              "io.billingsdk.cli.remote..",
              "io.billingsdk.cli.journal..",
              "io.billingsdk.cli.doctor..");
}
