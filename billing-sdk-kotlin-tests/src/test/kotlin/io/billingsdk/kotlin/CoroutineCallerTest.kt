package io.billingsdk.kotlin

import io.billingsdk.BillingClient
import io.billingsdk.Caller
import io.billingsdk.DenialReason
import io.billingsdk.KeyDecision
import io.billingsdk.broker.CertificateAuthority
import io.billingsdk.grpc.ApiKeyCallCredentials
import io.billingsdk.grpc.ApiKeyInterceptor
import io.billingsdk.grpc.BillingContext
import io.billingsdk.grpc.BillingInterceptors
import io.billingsdk.grpc.RequireApiKey
import io.billingsdk.kotlin.desk.DeskGrpcKt
import io.billingsdk.kotlin.desk.Request
import io.billingsdk.kotlin.desk.Response
import io.grpc.Grpc
import io.grpc.Status
import io.grpc.StatusException
import io.grpc.TlsChannelCredentials
import io.grpc.TlsServerCredentials
import java.lang.reflect.Proxy
import java.nio.file.Path
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** A coroutine has its caller after it was suspended and on other threads. */
class CoroutineCallerTest {
  @TempDir lateinit var directory: Path
  private val entered = AtomicInteger()

  private suspend fun caller(): Response {
    yield()
    val id = withContext(Dispatchers.IO) { BillingContext.caller().map { it.appId() }.orElse("none") }
    return Response.newBuilder().setCaller(id).build()
  }

  private inner class Desk : DeskGrpcKt.DeskCoroutineImplBase() {
    @RequireApiKey
    override suspend fun ask(request: Request): Response {
      entered.incrementAndGet()
      return caller()
    }

    @RequireApiKey
    override fun follow(request: Request): Flow<Response> = flow { repeat(3) { emit(caller()) } }

    @RequireApiKey
    override fun talk(requests: Flow<Request>): Flow<Response> = requests.map { caller() }
  }

  private fun client() =
    Proxy.newProxyInstance(javaClass.classLoader, arrayOf(BillingClient::class.java)) { _, method, args ->
      when (method.name) {
        "check" ->
          if (args[0] == "good-key") KeyDecision.Allowed(Caller.of("good-key", "k_1", "app-1"))
          else KeyDecision.Denied.because(DenialReason.INVALID)
        "toString" -> "client"
        "hashCode" -> 1
        "equals" -> false
        else -> null
      }
    } as BillingClient

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
    val check = ApiKeyInterceptor.builder().client(client()).build()
    val server =
      Grpc.newServerBuilderForPort(0, TlsServerCredentials.create(pem.toFile(), keyPem.toFile()))
        .addService(BillingInterceptors.protect(Desk(), check))
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
}
