package io.billingsdk.server.notifications;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.notifications.HttpsReceiver.Received;
import io.billingsdk.server.notifications.WebhookEndpoint.State;
import io.billingsdk.server.notifications.WebhookEndpoints.NewSecret;
import io.billingsdk.server.notifications.WebhookLog.Delivery;
import io.billingsdk.testbed.Proof;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks to a real receiver, which is away now and then. */
@Tag("postgres")
class WebhooksOutTest {
  private static final String KIND = "subscription.renewed";
  private static final int EVENTS = 12;
  private static final List<String> CUSTOMERS = List.of("acme", "bolt");

  @TempDir Path directory;
  private NotificationWorld world;
  private HttpsReceiver receiver;

  @BeforeEach
  void start() throws Exception {
    world = new NotificationWorld(directory);
    receiver = new HttpsReceiver(world.certificate());
    for (String each : CUSTOMERS) {
      world.customer(each, each, "en");
    }
  }

  @AfterEach
  void stop() throws Exception {
    receiver.close();
    world.close();
  }

  private NewSecret endpoint(String owner) {
    return world
        .endpoints(owner)
        .create(receiver.url("/" + (owner.isEmpty() ? "operator" : owner)), List.of("*"));
  }

  private void happens(String customer, int number) {
    world.happens(KIND, customer, Map.of("revision", number, "plan", "pro"));
  }

  private List<Integer> revisions(String path, String customer) {
    return receiver.received(path).stream()
        .map(Received::json)
        .filter(each -> each.at("/data/customerId").asText().equals(customer))
        .map(each -> each.at("/data/revision").asInt())
        .toList();
  }

  private static List<Integer> numbers(int to) {
    List<Integer> all = new ArrayList<>();
    for (int i = 1; i <= to; i++) {
      all.add(i);
    }
    return all;
  }

  @Test
  void receiver_awayForAnHour_hasEachOnceInOrderOfItsCustomer() throws Exception {
    Map<String, String> secrets =
        Map.of(
            "/acme", endpoint("acme").secret(),
            "/bolt", endpoint("bolt").secret(),
            "/operator", endpoint("").secret());
    WebhookSender sender = world.sender();
    receiver.leave();
    int attempts = 0;
    for (int i = 1; i <= EVENTS; i++) {
      for (String each : CUSTOMERS) {
        happens(each, i);
      }
      attempts += NotificationWorld.drain(sender);
      world.advance(Duration.ofMinutes(5));
    }
    assertThat(receiver.received()).isEmpty();
    receiver.comeBack();
    int hours = 0;
    while (world.count("SELECT count(*) FROM webhook_delivery WHERE state = 'pending'") > 0) {
      world.advance(Duration.ofHours(1));
      attempts += NotificationWorld.drain(sender);
      assertThat(++hours).isLessThan(4);
    }
    int unsigned = 0;
    for (Received each : receiver.received()) {
      unsigned += each.signedBy(requireNonNull(secrets.get(each.path()))) == 1 ? 0 : 1;
    }
    for (String each : CUSTOMERS) {
      assertThat(revisions("/" + each, each)).isEqualTo(numbers(EVENTS));
      assertThat(revisions("/operator", each)).isEqualTo(numbers(EVENTS));
    }
    assertThat(unsigned).isZero();
    assertThat(receiver.received()).hasSize(4 * EVENTS);
    assertThat(receiver.received().toString()).doesNotContain("shown to nobody");
    Proof.of("webhooks-out")
        .with("events", CUSTOMERS.size() * EVENTS)
        .with("endpoints", secrets.size())
        .with("away_minutes", 60)
        .with("attempts", attempts)
        .with("received", receiver.received().size())
        .with("twice", 0)
        .with("out_of_order", 0)
        .with("badly_signed", unsigned)
        .print();
  }

  @Test
  void receiver_awayForDays_leavesDeadLetters_thatAReplaySendsWithTheirIds() throws Exception {
    NewSecret made = endpoint("acme");
    String id = made.endpoint().id();
    WebhookSender sender = world.sender();
    receiver.answerWith(500);
    Instant began = world.instant();
    for (int i = 1; i <= 3; i++) {
      happens("acme", i);
    }
    int attempts = 0;
    for (int hour = 0; hour < 96; hour++) {
      attempts += NotificationWorld.drain(sender);
      world.advance(Duration.ofHours(1));
    }
    List<Delivery> dead = world.endpoints("acme").deliveries(id, Long.MAX_VALUE, "dead", 10);
    assertThat(dead).hasSize(3).allMatch(each -> "it answered 500".equals(each.problem()));
    assertThat(dead.get(2).log()).hasSizeBetween(8, 12);
    assertThat(dead.get(2).log().get(0).answer()).hasSizeLessThan(400).doesNotContain("\u001b");
    HashSet<String> before = new HashSet<>(receiver.received().stream().map(Received::id).toList());
    int failed = receiver.received().size();
    receiver.answerWith(204);
    assertThat(world.endpoints("acme").replay(id, dead.get(0).eventId(), null)).isEqualTo(1);
    assertThat(NotificationWorld.drain(sender)).isEqualTo(1);
    assertThat(world.endpoints("acme").replay(id, null, began)).isEqualTo(3);
    assertThat(NotificationWorld.drain(sender)).isEqualTo(3);
    List<Received> replayed = receiver.received().subList(failed, receiver.received().size());
    assertThat(replayed.stream().map(each -> each.json().at("/data/revision").asInt()))
        .containsExactly(3, 1, 2, 3);
    assertThat(before).containsAll(replayed.stream().map(Received::id).toList());
    Proof.of("webhooks-dead-letters")
        .with("attempts", attempts)
        .with("dead", dead.size())
        .with("replayed", replayed.size())
        .with("with_their_ids", replayed.size())
        .print();
  }

  @Test
  void endpoint_failingForFiveDays_isDisabledWithANotice_andWaitsUntilItIsEnabled()
      throws Exception {
    NewSecret made = endpoint("acme");
    String id = made.endpoint().id();
    WebhookSender sender = world.sender();
    receiver.answerWith(503);
    for (int day = 1; day <= 6; day++) {
      happens("acme", day);
      NotificationWorld.drain(sender);
      world.advance(Duration.ofHours(24));
      NotificationWorld.drain(sender);
    }
    assertThat(world.endpoints("acme").require(id).state()).isEqualTo(State.DISABLED);
    assertThat(
            world.count(
                "SELECT count(*) FROM outbox_event WHERE kind = 'webhook.endpoint_disabled'"))
        .isEqualTo(1);
    happens("acme", 7);
    int before = receiver.received().size();
    assertThat(NotificationWorld.drain(sender)).isZero();
    receiver.answerWith(204);
    world.endpoints("acme").change(id, null, null, true);
    assertThat(NotificationWorld.drain(sender)).isPositive();
    assertThat(receiver.received()).hasSizeGreaterThan(before);
  }

  @Test
  void endpoint_thatIsRepaired_receivesAtOnceWhatWaits() throws Exception {
    String id = endpoint("acme").endpoint().id();
    WebhookSender sender = world.sender();
    receiver.answerWith(500);
    happens("acme", 1);
    for (int hour = 0; hour < 24; hour++) {
      NotificationWorld.drain(sender);
      world.advance(Duration.ofHours(1));
    }
    receiver.answerWith(204);
    assertThat(NotificationWorld.drain(sender)).isZero();
    world.endpoints("acme").change(id, receiver.url("/moved"), null, null);
    assertThat(world.endpoints("acme").require(id).failingSince()).isNull();
    assertThat(NotificationWorld.drain(sender)).isEqualTo(1);
    assertThat(revisions("/moved", "acme")).containsExactly(1);
    happens("acme", 2);
    receiver.answerWith(500);
    NotificationWorld.drain(sender);
    receiver.answerWith(204);
    assertThat(NotificationWorld.drain(sender)).isZero();
    world.endpoints("acme").change(id, null, null, true);
    assertThat(NotificationWorld.drain(sender)).isEqualTo(1);
  }

  @Test
  void endpoint_thatFailsOnceAfterQuietDays_staysEnabled() throws Exception {
    String id = endpoint("acme").endpoint().id();
    WebhookSender sender = world.sender();
    receiver.answerWith(500);
    happens("acme", 1);
    for (int hour = 0; hour < 80; hour++) {
      NotificationWorld.drain(sender);
      world.advance(Duration.ofHours(1));
    }
    world.advance(Duration.ofDays(4));
    happens("acme", 2);
    NotificationWorld.drain(sender);
    WebhookEndpoint after = world.endpoints("acme").require(id);
    assertThat(after.state()).isEqualTo(State.ENABLED);
    assertThat(after.failingSince()).isEqualTo(world.instant());
  }

  @Test
  void endpoint_thatIsGone_isDisabledAtOnce() throws Exception {
    NewSecret made = endpoint("bolt");
    receiver.answerWith(410);
    happens("bolt", 1);
    NotificationWorld.drain(world.sender());
    assertThat(world.endpoints("bolt").require(made.endpoint().id()).state())
        .isEqualTo(State.DISABLED);
  }

  @Test
  void rotation_forADay_signsWithBoth_andThenWithTheNewOneAlone() throws Exception {
    NewSecret old = endpoint("acme");
    NewSecret made = world.endpoints("acme").rotate(old.endpoint().id());
    world.advance(Duration.ofHours(23));
    happens("acme", 1);
    NotificationWorld.drain(world.sender());
    world.advance(Duration.ofHours(2));
    world.upkeep().run();
    happens("acme", 2);
    NotificationWorld.drain(world.sender());
    Received within = receiver.received().get(0);
    Received after = receiver.received().get(1);
    assertThat(within.signedBy(old.secret())).isEqualTo(1);
    assertThat(within.signedBy(made.secret())).isEqualTo(1);
    assertThat(after.signedBy(old.secret())).isZero();
    assertThat(after.signedBy(made.secret())).isEqualTo(1);
    assertThat(after.signedAt()).isEqualTo(world.instant());
    assertThat(world.count("SELECT count(*) FROM webhook_endpoint WHERE old_secret IS NOT NULL"))
        .isZero();
  }

  @Test
  void rotation_twiceWithinADay_keepsTheSecretThatTheReceiverKnows() throws Exception {
    NewSecret known = endpoint("acme");
    String id = known.endpoint().id();
    NewSecret between = world.endpoints("acme").rotate(id);
    world.advance(Duration.ofHours(23));
    NewSecret newest = world.endpoints("acme").rotate(id);
    assertThat(newest.endpoint().oldSecretUntil()).isEqualTo(between.endpoint().oldSecretUntil());
    happens("acme", 1);
    NotificationWorld.drain(world.sender());
    world.advance(Duration.ofHours(1));
    NewSecret later = world.endpoints("acme").rotate(id);
    happens("acme", 2);
    NotificationWorld.drain(world.sender());
    Received within = receiver.received().get(0);
    assertThat(within.signedBy(known.secret())).isEqualTo(1);
    assertThat(within.signedBy(between.secret())).isZero();
    assertThat(within.signedBy(newest.secret())).isEqualTo(1);
    Received after = receiver.received().get(1);
    assertThat(after.signedBy(known.secret())).isZero();
    assertThat(after.signedBy(newest.secret())).isEqualTo(1);
    assertThat(after.signedBy(later.secret())).isEqualTo(1);
  }

  @Test
  void server_killedWhileItSends_leavesItToAnother_withTheSameId() throws Exception {
    endpoint("acme");
    happens("acme", 1);
    happens("acme", 2);
    // As one that took it and did no more.
    Instant until = world.instant().plus(Duration.ofMinutes(2));
    Optional<WebhookLines.TakenWebhook> taken =
        world.database().inTransaction(handle -> WebhookLines.take(handle, world.instant(), until));
    assertThat(taken).isPresent();
    assertThat(NotificationWorld.drain(world.sender())).isZero();
    world.advance(Duration.ofMinutes(3));
    assertThat(NotificationWorld.drain(world.sender())).isEqualTo(2);
    assertThat(revisions("/acme", "acme")).containsExactly(1, 2);
  }

  @Test
  void name_thatLeadsToAPrivateAddress_isNotCalled_andARedirectNotFollowed() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    InetAddress elsewhere = InetAddress.getByName("93.184.216.34");
    WebhookTransport checked =
        world.transport(
            /* privateAddresses= */ false, host -> new InetAddress[] {elsewhere, loopback});
    WebhookTransport.Answer refused =
        checked.send(
            new WebhookTransport.Outgoing(
                "https://public.example:" + receiver.port() + "/x",
                "msg_1",
                world.instant(),
                "v1,x",
                new byte[] {'{', '}'}));
    assertThat(refused.problem())
        .isEqualTo("the name public.example leads to an address that is not public");
    assertThat(receiver.received()).isEmpty();
    endpoint("acme");
    receiver.redirectTo(receiver.url("/inside"));
    happens("acme", 1);
    NotificationWorld.drain(world.sender());
    assertThat(receiver.received("/acme")).hasSize(1);
    assertThat(receiver.received("/inside")).isEmpty();
  }

  @Test
  void answer_thatSaysThatItIsCompressed_isNotExpanded() throws Exception {
    String id = endpoint("acme").endpoint().id();
    receiver.answerWith(200);
    receiver.sayEncoding("gzip");
    happens("acme", 1);
    NotificationWorld.drain(world.sender());
    Delivery delivery = world.endpoints("acme").deliveries(id, Long.MAX_VALUE, null, 10).get(0);
    assertThat(delivery.state()).isEqualTo("delivered");
    assertThat(delivery.log().get(0).answer()).contains("by the receiver");
  }

  @Test
  void notice_ofAKindThatNoServerKnows_becomesADeadLetter_andTheLineGoesOn() throws Exception {
    String id = endpoint("acme").endpoint().id();
    world.recipients("acme").add("ops@acme.example", List.of("*"), null);
    happens("acme", 1);
    world.world().execute("UPDATE notice SET kind = 'subscription.forgotten'");
    happens("acme", 2);
    assertThat(NotificationWorld.drain(world.sender())).isZero();
    world.advance(Duration.ofHours(2));
    world.upkeep().run();
    assertThat(NotificationWorld.drain(world.sender())).isEqualTo(1);
    assertThat(revisions("/acme", "acme")).containsExactly(2);
    assertThat(world.endpoints("acme").deliveries(id, Long.MAX_VALUE, "dead", 10))
        .singleElement()
        .satisfies(each -> assertThat(each.problem()).contains("kind of this notice"));
    assertThat(world.recipients("acme").mails(Long.MAX_VALUE, "dead", 10)).hasSize(1);
    Instant now = world.instant();
    assertThat(
            world
                .database()
                .inTransaction(handle -> MailLines.take(handle, now, now.plus(MailSender.TAKEN)))
                .map(each -> each.notice().kind()))
        .contains(NoticeKind.SUBSCRIPTION_RENEWED);
  }

  @Test
  void endpoint_thatIsRemoved_leavesNeitherItsUrlNorItsSecrets() throws Exception {
    String id = endpoint("acme").endpoint().id();
    var unused = world.endpoints("acme").rotate(id);
    happens("acme", 1);
    Instant now = world.instant();
    Optional<WebhookLines.TakenWebhook> taken =
        world
            .database()
            .inTransaction(
                handle -> WebhookLines.take(handle, now, now.plus(Duration.ofMinutes(2))));
    assertThat(taken).isPresent();
    world.endpoints("acme").remove(id);
    assertThat(
            world.count(
                "SELECT count(*) FROM webhook_endpoint WHERE state = 'removed' AND url = ''"
                    + " AND secret = '' AND old_secret IS NULL AND old_secret_until IS NULL"))
        .isEqualTo(1);
    world.advance(Duration.ofMinutes(3));
    assertThat(NotificationWorld.drain(world.sender())).isZero();
    assertThat(receiver.received()).isEmpty();
    assertThat(world.endpoints("acme").after("", 10)).isEmpty();
    assertThat(endpoint("acme").endpoint().id()).isNotEqualTo(id);
  }

  @Test
  void secrets_ofEndpoints_areNowhereInThePlain() throws Exception {
    NewSecret made = endpoint("acme");
    String bare = made.secret().substring("whsec_".length());
    String hex = java.util.HexFormat.of().formatHex(java.util.Base64.getDecoder().decode(bare));
    happens("acme", 1);
    NotificationWorld.drain(world.sender());
    long found = 0;
    for (String table :
        List.of("webhook_endpoint", "webhook_delivery", "webhook_attempt", "audit_log", "notice")) {
      found +=
          world.count(
              "SELECT count(*) FROM %s AS t WHERE t::text LIKE '%%%s%%' OR t::text LIKE '%%%s%%'"
                  .formatted(table, bare, hex));
    }
    assertThat(found).isZero();
    assertThat(made.toString()).doesNotContain(bare);
    assertThat(receiver.received().get(0).body()).doesNotContain(bare);
    Proof.of("secret-canary-notifications").with("tables", 5).with("found", found).print();
  }
}
