/** Tests of quotas without a database. */
@NullMarked
package io.billingsdk.server.quotas;

import org.jspecify.annotations.NullMarked;
