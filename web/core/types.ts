/** The JSON of /api/v1 by the names the screens use; what it is made of comes from the server's own description. */
import type { components, operations } from './openapi.d.ts';

export type Schemas = components['schemas'];

export type Page<T> = { items: T[]; next: string };

export type View = NonNullable<NonNullable<operations['list-conversations']['parameters']['query']>['view']>;
export type Counts = Schemas['Counts'];

export type Role = Member['role'];
/** A role that members give each other; the operator belongs to the install. */
export type GivenRole = Exclude<Role, 'operator'>;
export type Member = Schemas['Member'];
export type Me = Schemas['Me'];
export type Factor = Schemas['Factor'];
export type NewTotp = Schemas['NewTOTP'];
export type Device = Schemas['Device'];
export type Workspace = Schemas['Workspace'];
export type Mode = Workspace['mode'];

export type Conversation = Schemas['Conversation'];
export type Owner = Conversation['owner'];
export type Need = Conversation['needs'][number];
export type HandOverReason = Schemas['Called']['reason'];
export type Skills = Schemas['Skills'];

export type Message = Schemas['Message'];
export type Direction = Message['direction'];
export type AuthorKind = Message['author']['kind'];
export type MessageStatus = Message['status'];
export type Attachment = Schemas['Attachment'];
export type SourceRef = Schemas['SourceRef'];
export type Draft = Schemas['Draft'];
export type Template = Schemas['Template'];
export type TemplateList = Schemas['TemplateList'];
export type TemplateUse = Schemas['TemplateUse'];

export type ContactBrief = Schemas['Brief'];
export type Contact = Schemas['Contact'];
export type OptIn = Schemas['OptIn'];
export type Session = Schemas['Visit'];
export type Erasure = Schemas['Erasure'];

export type Source = Schemas['Source'];
export type SourceState = Source['state'];
export type Passage = Schemas['Passage'];
export type Pair = Schemas['Pair'];
export type NewSource = Schemas['NewSource'];
export type Content = Schemas['Content'];
export type Answer = Schemas['Answer'];
export type Business = Schemas['Business'];
export type Crawl = Schemas['Crawl'];
export type SourcePage = Schemas['SourcePage'];
export type PassageEdit = Schemas['PassageEdit'];
export type Gap = Schemas['Gap'];
export type Finding = Schemas['Finding'];
export type KnowledgeHealth = Schemas['KnowledgeHealth'];
export type Phrasing = Schemas['Phrasing'];
export type Suggestions = Schemas['Suggestions'];
export type Suggested = Schemas['Suggested'];
export type Synonyms = Schemas['Synonyms'];

/** Each kind of channel has settings of its own, which the description leaves open. */
export type Channel = Omit<Schemas['Channel'], 'settings'> & { settings: WidgetSettings };
export type Bilingual = { en: string; tr: string };
export type Consent = 'required' | 'ask' | 'granted' | 'auto';
export type WidgetSettings = {
  key: string;
  domains: string[];
  consent: Consent;
  erase_after_hours: number;
  locale_default: 'auto' | 'en' | 'tr';
  position: 'end' | 'start';
  brand_colour: string;
  title: Bilingual;
  greeting: Bilingual;
  prompt: Bilingual;
  ask_name: boolean;
  ask_email: boolean;
};

export type ChannelKind = Schemas['ChannelKind'];
export type ChannelWay = Schemas['ChannelWay'];
export type ChannelScope = Schemas['ChannelScope'];
export type Offer = Schemas['ChannelOffer'];
export type OfferedAccount = Schemas['OfferedAccount'];
export type ConnectedAccount = Schemas['ConnectedAccount'];
export type ChannelHealth = Schemas['ChannelHealth'];
export type Certificate = Schemas['Certificate'];
export type Clearing = Schemas['Clearing'];

export type SavedReply = Schemas['SavedReply'];

export type ApiKey = Schemas['Key'];
export type AuditEntry = Schemas['AuditEntry'];

export type Event = Schemas['Event'];
export type EventKind = Event['kind'];
export type Typing = Schemas['Typing'];
