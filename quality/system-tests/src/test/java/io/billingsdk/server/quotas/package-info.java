/** Tests of quotas that need a client too: the server does not know the SDK. */
@NullMarked
package io.billingsdk.server.quotas;

import org.jspecify.annotations.NullMarked;
