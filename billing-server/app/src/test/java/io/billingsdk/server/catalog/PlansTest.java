package io.billingsdk.server.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.rating.Usage;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.PlanImport.ImportOptions;
import io.billingsdk.server.catalog.PlanImport.ImportOutcome;
import io.billingsdk.server.catalog.PlanImport.ImportedItem;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a real PostgreSQL. */
@Tag("postgres")
class PlansTest {
  private static final Actor TESTER = new Actor("tester");
  private static final Instant NOW = Instant.parse("2027-03-10T12:00:00Z");
  private static final Instant LATER = Instant.parse("2027-04-01T00:00:00Z");
  private static final ImportOptions PUBLISH = new ImportOptions(true, null, false);
  private static final ImportOptions DRAFT = new ImportOptions(false, null, false);
  private static final ImportOptions DRY = new ImportOptions(true, null, true);

  private World world;
  private Database database;
  private Plans plans;
  private Meters meters;
  private PlanImport imports;

  @BeforeEach
  void open() throws SQLException {
    world = Testbed.get().world();
    database = world.database();
    plans = new Plans(database, TESTER, () -> NOW);
    meters = new Meters(database, TESTER);
    imports = new PlanImport(database, TESTER, () -> NOW);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static PlanFile shippedWith(String text, String other) {
    assertThat(PlanFile.shippedText()).contains(text);
    return PlanFile.parse(PlanFile.shippedText().replace(text, other));
  }

  private List<ImportOutcome> run(PlanFile file, ImportOptions options) {
    return imports.run(file, options).stream().map(ImportedItem::outcome).toList();
  }

  @Test
  void import_ofTheShippedFile_publishesItsPlans_andTwiceChangesNothing() throws SQLException {
    assertThat(run(PlanFile.shipped(), PUBLISH))
        .containsExactly(
            ImportOutcome.CREATED,
            ImportOutcome.PUBLISHED,
            ImportOutcome.PUBLISHED,
            ImportOutcome.PUBLISHED);
    long entries = world.count("SELECT count(*) FROM audit_log");
    assertThat(run(PlanFile.shipped(), PUBLISH)).containsOnly(ImportOutcome.UNCHANGED);
    assertThat(world.count("SELECT count(*) FROM audit_log")).isEqualTo(entries).isEqualTo(4);
    assertThat(world.count("SELECT count(*) FROM outbox_event WHERE kind = 'plan.published'"))
        .isEqualTo(3);

    PlanVersion pro = plans.current("pro", NOW);
    assertThat(pro).isEqualTo(plans.require("pro", 1));
    assertThat(pro.charges().get(0).charge().rate(Usage.none()).amount()).hasToString("29.00 USD");
    assertThat(pro.digest()).isEqualTo(plans.requirePublished("pro", 1).document().digest());
  }

  @Test
  void import_dry_saysTheSameAsForReal_andChangesNothing() throws SQLException {
    List<ImportedItem> said = imports.run(PlanFile.shipped(), DRY);
    assertThat(world.count("SELECT count(*) FROM plan")).isZero();
    assertThat(world.count("SELECT count(*) FROM meter")).isZero();
    assertThat(imports.run(PlanFile.shipped(), PUBLISH)).isEqualTo(said);
  }

  @Test
  void import_ofAChangedPlan_isDraftedThenPublished_andTheOldVersionStays() {
    run(PlanFile.shipped(), PUBLISH);
    PlanFile dearer = shippedWith("amount: 29", "amount: 39");

    List<ImportedItem> drafted = imports.run(dearer, DRAFT);
    assertThat(drafted)
        .filteredOn(each -> each.outcome() == ImportOutcome.DRAFTED)
        .singleElement()
        .satisfies(
            each ->
                assertThat(each.diff().changes())
                    .extracting(Object::toString)
                    .containsExactly("~ charges[base].price.amount: 29 -> 39"));
    assertThat(run(dearer, DRAFT)).containsOnly(ImportOutcome.UNCHANGED);
    PlanVersion second = plans.publish("pro", LATER);

    assertThat(second.version()).isEqualTo(2);
    assertThat(plans.current("pro", LATER.minusMillis(1)).version()).isEqualTo(1);
    assertThat(plans.current("pro", LATER)).isEqualTo(second);
    assertThat(plans.require("pro", 1).charges().get(0).charge().rate(Usage.none()).amount())
        .hasToString("29.00 USD");
    assertThat(plans.draft("pro")).isEmpty();
    assertThatThrownBy(() -> plans.publish("pro", null)).hasMessage("the plan pro has no draft");
  }

  @Test
  void publish_beforeTheVersionBefore_orInThePast_isRefused() {
    run(PlanFile.shipped(), new ImportOptions(true, NOW.minusSeconds(60), false));
    PlanFile dearer = shippedWith("amount: 29", "amount: 39");
    run(dearer, DRAFT);

    assertThatThrownBy(() -> plans.publish("pro", NOW.minusSeconds(60)))
        .hasMessageStartingWith("validFrom must be after 2027-03-10T11:59:00Z");
    assertThatThrownBy(() -> plans.publish("pro", NOW.minusSeconds(1)))
        .hasMessageStartingWith("validFrom must be now or later");
    assertThat(plans.versions("pro")).hasSize(1);
  }

  @Test
  void version_thatIsPublished_cannotBeChangedByTheServersLogin() {
    run(PlanFile.shipped(), PUBLISH);
    for (String sql :
        List.of(
            "UPDATE plan_version SET valid_from = now()",
            "DELETE FROM plan_version",
            "UPDATE plan_version_meter SET slug = 'x'",
            "DELETE FROM plan_version_meter")) {
      assertThatThrownBy(() -> database.useTransaction(handle -> handle.execute(sql)))
          .hasMessageContaining("permission denied");
    }
  }

  @Test
  void meter_thatAPublishedPlanReads_cannotChange_andNothingOfTheImportIsDone()
      throws SQLException {
    PlanFile other = shippedWith("unit: call", "unit: request");
    run(PlanFile.shipped(), DRAFT);
    assertThat(run(other, DRAFT)).contains(ImportOutcome.CHANGED);
    run(PlanFile.shipped(), PUBLISH);
    PlanFile both =
        PlanFile.parse(
            PlanFile.shippedText()
                .replace("unit: call", "unit: request")
                .replace("amount: 29", "amount: 39"));

    assertThatThrownBy(() -> run(both, PUBLISH))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining("is read by the published plan ");
    assertThat(plans.versions("pro")).hasSize(1);
    assertThat(meters.require("calls").unit()).isEqualTo("call");
    assertThat(world.count("SELECT count(*) FROM plan_draft")).isZero();
  }

  @Test
  void import_thatDoesNotFit_isRefusedByTheField() {
    run(PlanFile.shipped(), PUBLISH);
    assertThatThrownBy(() -> run(shippedWith("meter: calls", "meter: cals"), PUBLISH))
        .hasMessageStartingWith(
            "plans[free].entitlements.quotas[0].meter must be the slug of a meter;"
                + " there is no meter cals");
    assertThatThrownBy(() -> run(shippedWith("currency: USD", "currency: EUR"), PUBLISH))
        .hasMessageStartingWith("plans[enterprise].currency must be USD");
    assertThatThrownBy(
            () -> imports.run(PlanFile.shipped(), new ImportOptions(false, LATER, false)))
        .hasMessageStartingWith("validFrom must be left out");
  }
}
