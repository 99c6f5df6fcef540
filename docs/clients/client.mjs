// How to call dangjian from Node.js, with @grpc/grpc-js and @grpc/proto-loader: no generated code, only the published
// descriptor set.
//
// usage: node client.mjs GATEWAY DESCRIPTORS SERVICE_CONFIG     e.g. 127.0.0.1:50050 dangjian.binpb proto/service_config.json

import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

const require = createRequire(process.env.NODE_CLIENT_MODULES ?? import.meta.url);
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const protobuf = require('protobufjs');
require('protobufjs/ext/descriptor');

// Fields have the names of the contracts: `unit_id`.
const kForm = { longs: String, enums: String, defaults: true, oneofs: true };

// An error of the suite: `reason` is what a program tests for, `message` what a user reads.
class Refusal extends Error {
  constructor(error, types) {
    super(error.details);
    this.code = error.code;
    this.reason = '';
    this.problems = [];
    const [details] = error.metadata?.get('grpc-status-details-bin') ?? [];
    if (!details) return;
    for (const { type_url: url, value } of types.lookupType('google.rpc.Status').decode(details).details) {
      const name = url.slice(url.lastIndexOf('/') + 1);
      const detail = types.lookupType(name).decode(value);
      if (name === 'google.rpc.ErrorInfo') this.reason = detail.reason;
      if (name === 'google.rpc.LocalizedMessage') this.message = detail.message;
      if (name === 'dangjian.common.v1.FieldProblems') this.problems = detail.problems.map((p) => [p.field, p.reason]);
      if (name === 'google.rpc.RetryInfo') {
        this.retryMillis = Number(detail.retry_delay.seconds) * 1000 + detail.retry_delay.nanos / 1e6;
      }
    }
  }
}

// Calls through the gateway.
class Client {
  constructor(address, descriptors, serviceConfig, caller, language = 'zh-CN') {
    const set = readFileSync(descriptors);
    this.services = grpc.loadPackageDefinition(loader.loadFileDescriptorSetFromBuffer(set, kForm));
    this.types = protobuf.Root.fromDescriptor(set);
    this.address = address;
    // The published service config has every method's deadline, and retries of reads.
    this.options = { 'grpc.service_config': readFileSync(serviceConfig, 'utf8'), 'grpc.enable_retries': 1 };
    this.stubs = new Map();
    this.caller = caller;
    this.language = language;
  }

  // `registry.v1.UnitService/GetUnit` → its stub and the name of its function.
  stub(method) {
    const [service, name] = method.split('/');
    if (!this.stubs.has(service)) {
      const Stub = `dangjian.${service}`.split('.').reduce((at, part) => at[part], this.services);
      this.stubs.set(service, new Stub(this.address, grpc.credentials.createInsecure(), this.options));
    }
    return [this.stubs.get(service), name];
  }

  metadata(more = {}) {
    const metadata = new grpc.Metadata();
    const trace = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
    const all = { 'dangjian-caller': this.caller, 'accept-language': this.language, traceparent: trace, ...more };
    for (const [key, value] of Object.entries(all)) metadata.set(key, value);
    return metadata;
  }

  // One unary call. A write should carry a request_id: see `write`.
  call(method, fields = {}) {
    const [stub, name] = this.stub(method);
    return new Promise((resolve, reject) => {
      stub[name](fields, this.metadata(), (error, response) => {
        if (error) reject(new Refusal(error, this.types));
        else resolve(response);
      });
    });
  }

  // A write that may be repeated: the id makes the suite store it once and give the first answer again.
  async write(method, fields, attempts = 5) {
    const request = { request_id: randomUUID(), ...fields };
    for (let attempt = 1; ; ++attempt) {
      try {
        return await this.call(method, request);
      } catch (refusal) {
        const passing = [grpc.status.UNAVAILABLE, grpc.status.RESOURCE_EXHAUSTED].includes(refusal.code);
        if (!passing || attempt === attempts) throw refusal;
        await sleep(refusal.retryMillis ?? 100 * 2 ** attempt);
      }
    }
  }

  // Every record of a list: pages end by rows or bytes, all of one revision.
  async *pages(method, field, fields = {}) {
    let token = '';
    do {
      const page = await this.call(method, { ...fields, page_token: token });
      yield* page[field];
      token = page.next_page_token;
    } while (token);
  }

  // Batches of changes of one service. Keep {epoch, revision} of the last batch: it is where to resume.
  async *watch(service, position = {}, collections = []) {
    const [stub, name] = this.stub('change.v1.ChangeService/Watch');
    const request = { after_revision: position.revision ?? '0', epoch: position.epoch ?? '', collections };
    const stream = stub[name](request, this.metadata({ 'dangjian-service': service }));
    stream.on('error', () => {}); // cancelling is how one leaves
    try {
      yield* stream;
    } finally {
      stream.cancel();
    }
  }

  close() {
    for (const stub of this.stubs.values()) stub.close();
  }
}

async function firstWithEvents(batches) {
  for await (const batch of batches) {
    if (batch.events.length > 0) return batch;
  }
  throw new Error('the feed ended without an event');
}

async function refusalOf(promise) {
  try {
    await promise;
  } catch (refusal) {
    return refusal;
  }
  throw new Error('should have been refused');
}

async function main(address, descriptors, serviceConfig) {
  const client = new Client(address, descriptors, serviceConfig, 'example');
  const create = 'registry.v1.UnitService/CreateUnit';
  const unit = { code: 'basket_js', label_zh: '筐', dimension: 'UNIT_DIMENSION_COUNT' };

  // Check first, store nothing.
  await client.write(create, { unit_id: 'basket-js', unit, validate_only: true });
  const created = await client.write(create, { unit_id: 'basket-js', unit, request_id: 'example-js-1' });
  // A retry, as after a lost answer: stored once, the same answer.
  const again = await client.write(create, { unit_id: 'basket-js', unit, request_id: 'example-js-1' });
  console.log('created', created.name, again.etag === created.etag ? 'again' : 'TWICE');

  // All bad fields come at once.
  const bad = await refusalOf(client.write(create, { unit_id: 'bad', unit: { code: 'Not A Code', label_zh: ' ' } }));
  console.log('refused', bad.reason, JSON.stringify(bad.problems.sort()));
  const english = new Client(address, descriptors, serviceConfig, 'example', 'en, zh;q=0.5');
  const absent = await refusalOf(english.call('registry.v1.UnitService/GetUnit', { name: 'units/nowhere' }));
  console.log('refused', absent.reason, 'in English:', absent.message);

  const names = [];
  for await (const { name } of client.pages('registry.v1.UnitService/ListUnits', 'units', { page_size: 2 })) names.push(name);
  console.log('listed', names.length === new Set(names).size && names.includes(created.name));

  // Follow the changes, leave, resume where the last batch ended.
  const batch = await firstWithEvents(client.watch('registry', {}, ['units']));
  const changed = await client.write('registry.v1.UnitService/UpdateUnit', {
    unit: { name: created.name, label_zh: '竹筐' },
    update_mask: { paths: ['label_zh'] },
  });
  const later = await firstWithEvents(client.watch('registry', batch, ['units']));
  console.log('watched', later.events[0].name === changed.name && BigInt(later.revision) > BigInt(batch.revision));
  english.close();
  client.close();
}

await main(...process.argv.slice(2));
