package io.billingsdk.kotlin

import io.billingsdk.broker.CertificateAuthority
import io.billingsdk.grpc.ApiKeyCallCredentials
import io.billingsdk.grpc.ApiKeyInterceptor
import io.billingsdk.grpc.BillingContext
import io.billingsdk.grpc.BillingInterceptors
import io.billingsdk.grpc.Metering
import io.billingsdk.grpc.MeteringInterceptor
import io.billingsdk.grpc.RequireApiKey
import io.billingsdk.grpc.UsageExtractor
import io.billingsdk.kotlin.desk.DeskGrpc
import io.billingsdk.kotlin.desk.DeskGrpcKt
import io.billingsdk.kotlin.desk.Request
import io.billingsdk.kotlin.desk.Response
import io.billingsdk.testbed.LogCapture
import io.billingsdk.testbed.Proof
import io.billingsdk.testkit.TestBilling
import io.billingsdk.testkit.TestBillingAssert
import io.grpc.Grpc
import io.grpc.Status
import io.grpc.StatusException
import io.grpc.TlsChannelCredentials
import io.grpc.TlsServerCredentials
import java.nio.file.Path
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** A coroutine has its caller after it was suspended and on other threads. */
class CoroutineCallerTest {
  @TempDir lateinit var directory: Path
  private val entered = AtomicInteger()
  private val ended = CompletableDeferred<Unit>()

  private suspend fun caller(): Response {
    yield()
    val id = withContext(Dispatchers.IO) { BillingContext.caller().map { it.appId() }.orElse("none") }
    return Response.newBuilder().setCaller(id).build()
  }

  private val metering =
    MeteringInterceptor.builder()
      .method(DeskGrpc.getAskMethod(), Metering.of("desk", "plain", UsageExtractor.countResponses<Request, Response>()))
      .method(DeskGrpc.getFollowMethod(), Metering.of("desk", "plain", UsageExtractor.countResponses<Request, Response>()))
      .method(DeskGrpc.getTalkMethod(), Metering.of("desk", "plain", UsageExtractor.countResponses<Request, Response>()))
      .minimumOnFailure(2.0)
      .build()

  private inner class Desk : DeskGrpcKt.DeskCoroutineImplBase() {
    @RequireApiKey
    override suspend fun ask(request: Request): Response {
      entered.incrementAndGet()
      check(request.text != "fail") { "a bug of the service" }
      return caller()
    }

    @RequireApiKey
    override fun follow(request: Request): Flow<Response> = flow {
      try {
        repeat(3) { emit(caller()) }
        if (request.text == "forever") {
          awaitCancellation()
        }
      } finally {
        ended.complete(Unit)
      }
    }

    @RequireApiKey
    override fun talk(requests: Flow<Request>): Flow<Response> = requests.map { caller() }
  }

  private val client = TestBilling.create().allow("good-key", "app-1")

  /** The server charges on threads of its own. */
  private fun reported() = TestBillingAssert.assertThat(client).within(Duration.ofMinutes(1))

  private fun withStub(key: String, test: suspend (DeskGrpcKt.DeskCoroutineStub) -> Unit) {
    val authority = CertificateAuthority.create("Kotlin tests")
    val ca = directory.resolve("ca.pem")
    val pem = directory.resolve("server.pem")
    val keyPem = directory.resolve("server.key")
    authority.writeCertificate(ca)
    authority.issueServer("localhost").run {
      writeCertificatePem(pem)
      writeKeyPem(keyPem)
    }
    val check = ApiKeyInterceptor.builder().client(client).build()
    val server =
      Grpc.newServerBuilderForPort(0, TlsServerCredentials.create(pem.toFile(), keyPem.toFile()))
        .addService(BillingInterceptors.protect(Desk(), check, metering))
        .build()
        .start()
    val trust = TlsChannelCredentials.newBuilder().trustManager(ca.toFile()).build()
    val channel = Grpc.newChannelBuilderForAddress("localhost", server.port, trust).build()
    try {
      val stub = DeskGrpcKt.DeskCoroutineStub(channel).withCallCredentials(ApiKeyCallCredentials.of(key))
      runBlocking { test(stub) }
    } finally {
      channel.shutdownNow()
      server.shutdownNow()
    }
  }

  @Test
  fun everyKind_afterSuspension_hasItsCaller() =
    withStub("good-key") { stub ->
      val request = Request.getDefaultInstance()
      assertThat(stub.ask(request).caller).isEqualTo("app-1")
      assertThat(stub.follow(request).toList().map { it.caller }).containsExactly("app-1", "app-1", "app-1")
      assertThat(stub.talk(flowOf(request, request)).toList().map { it.caller }).containsExactly("app-1", "app-1")
    }

  @Test
  fun ask_refusedKey_neverEnters() =
    withStub("unknown-key") { stub ->
      val refused = runCatching { stub.ask(Request.getDefaultInstance()) }.exceptionOrNull()
      assertThat((refused as StatusException).status.code).isEqualTo(Status.Code.UNAUTHENTICATED)
      assertThat(entered).hasValue(0)
    }

  @Test
  fun follow_keyBlockedMeanwhile_endsAndCancelsTheCoroutineQuietly() =
    LogCapture.start().use { log ->
      withStub("good-key") { stub ->
        val request = Request.newBuilder().setText("forever").build()
        var received = 0
        val refused = runCatching {
          stub.follow(request).collect {
            received++
            if (received == 3) {
              client.block("good-key", "unpaid")
            }
          }
        }.exceptionOrNull()
        assertThat((refused as StatusException).status.code).isEqualTo(Status.Code.PERMISSION_DENIED)
        withTimeout(60_000) { ended.await() }
        reported().singleEvent().hasUsage(3.0).hasMetadata("status", "PERMISSION_DENIED")
      }
      val noise = log.text().lines().filter { " WARN" in it || "ERROR" in it || "SEVERE" in it }
      assertThat(noise).isEmpty()
    }

  @Test
  fun metering_normalFailingAndCancelledCoroutine_makesOneEventEach() {
    withStub("good-key") { stub ->
      stub.ask(Request.getDefaultInstance())
      reported().hasEvents(1)
      runCatching { stub.ask(Request.newBuilder().setText("fail").build()) }
      reported().hasEvents(2)
      stub.follow(Request.newBuilder().setText("forever").build()).take(3).toList()
      reported().hasEvents(3)
    }
    val seen = client.events().map { it.metadata()!!["status"] }
    Proof.of("grpc-kotlin").with("kinds", 3).with("events", seen.size).with("seen", seen).print()
    reported().event(0).hasUsage(1.0).hasMetadata("status", "OK")
    reported().event(1).hasUsage(2.0).hasMetadata("status", "UNKNOWN")
    reported().event(2).hasUsage(3.0).hasMetadata("status", "CANCELLED")
  }
}
