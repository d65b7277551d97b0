/** Tests of payment providers that need nothing else. */
@NullMarked
package io.billingsdk.server.providers;

import org.jspecify.annotations.NullMarked;
